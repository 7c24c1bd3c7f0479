// node check.mjs NODE_MODULES DASHBOARD...: one line for each place where a dashboard is not what Grafana's published types say, and status 1.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createRequire } from 'node:module';

const modules = resolve(process.argv[2]);
const ts = createRequire(join(modules, 'x.js'))('typescript');
const types = join(modules, '@grafana/schema/dist/types');
const dashboardTypes = only(join(types, 'raw/dashboard/x'));

// JSON has the values of the types' enums, not their names.
const plain = `
type Plain<T> = T extends string ? \`\${T}\` : T extends number ? (\`\${T}\` extends \`\${infer N extends number}\` ? N : T)
  : T extends Array<infer U> ? Array<Plain<U>> : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Without<T, K extends string> = { [P in keyof T as P extends K ? never : P]: T[P] };`;

// A panel's own part of a field's configuration, by the names that its types have.
const custom = {
  timeseries: 'own.FieldConfig',
  'state-timeline': 'own.FieldConfig',
  table: `import('${types}/index').TableFieldOptions`,
};

/** The folder's only module. */
function only(folder) {
  const [file] = readdirSync(folder).filter(name => name.endsWith('.d.ts'));
  return join(folder, file.slice(0, -'.d.ts'.length));
}

function check(file) {
  const { panels, ...dashboard } = JSON.parse(readFileSync(file, 'utf8'));
  const sources = new Map();
  // What a data source adds to these is in no type: its own fields of an annotation, and the editor's copy of a variable's query.
  for (const annotation of dashboard.annotations.list) for (const field of ['expr', 'step', 'target', 'titleFormat', 'textFormat']) delete annotation[field];
  for (const variable of dashboard.templating.list) delete variable.definition;
  const add = (name, text) => sources.set(join(modules, `${name}.ts`), `${plain}\n${text}`);
  add('dashboard', `import type { Dashboard } from '${dashboardTypes}';
export const dashboard: Without<Plain<Dashboard>, 'panels'> = ${JSON.stringify(dashboard, null, 1)};`);
  for (const panel of panels) add(`panel ${panel.id} (${panel.title.replaceAll('/', ' ')})`, panel.type === 'row' ? rowText(panel) : panelText(panel));
  return problems(sources);
}

function rowText(row) {
  return `import type { RowPanel } from '${dashboardTypes}';
export const row: Plain<RowPanel> = ${JSON.stringify(row, null, 1)};`;
}

function panelText({ options, fieldConfig, targets, ...panel }) {
  const { custom: own, ...defaults } = fieldConfig.defaults;
  const json = value => JSON.stringify(value, null, 1);
  return `import type { Panel, FieldConfig, FieldConfigSource } from '${dashboardTypes}';
import type * as own from '${only(join(types, 'raw/composable', panel.type.replace('-', ''), 'panelcfg/x'))}';
export const panel: Without<Plain<Panel>, 'options' | 'fieldConfig' | 'targets'> = ${json(panel)};
export const options: Plain<own.Options> = ${json(options)};
export const defaults: Without<Plain<FieldConfig>, 'custom'> = ${json(defaults)};
${own ? `export const custom: Plain<${custom[panel.type]}> = ${json(own)};` : ''}
export const overrides: Plain<FieldConfigSource>['overrides'] = ${json(fieldConfig.overrides)};`;
}

function problems(sources) {
  const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] };
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.getSourceFile, host.fileExists];
  host.fileExists = name => sources.has(name) || exists(name);
  host.getSourceFile = (name, target) => sources.has(name) ? ts.createSourceFile(name, sources.get(name), target) : read(name, target);
  return ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host))
    .map(d => `${d.file ? `${basename(d.file.fileName, '.ts')}: ${lineOf(d)}` : ''}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
}

function lineOf({ file, start }) {
  return file.text.split('\n')[file.getLineAndCharacterOfPosition(start).line].trim();
}

let wrong = 0;
for (const file of process.argv.slice(3)) {
  for (const problem of check(file)) {
    console.log(`${basename(file)}: ${problem}`);
    wrong++;
  }
}
process.exit(wrong ? 1 : 0);
