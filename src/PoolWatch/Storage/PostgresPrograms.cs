using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PoolWatch.Storage;

/// <summary>The PostgreSQL programs of this machine, run as a user that PostgreSQL accepts: it refuses to run as root.</summary>
internal sealed partial class PostgresPrograms
{
    private const int SigKill = 9;

    /// <summary>A killed process ends when the disk has answered what it waits for.</summary>
    private static readonly TimeSpan LongestDeath = TimeSpan.FromSeconds(1);
    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    /// <summary>Whether programs run as the system user <c>postgres</c> because this process is root.</summary>
    public static bool RunsAsPostgresUser => Environment.UserName == "root";

    /// <exception cref="DatabaseSetupException">There are none.</exception>
    public static PostgresPrograms Find(string? configuredFolder)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new DatabaseSetupException("The private PostgreSQL runs on Linux only. Set ConnectionStrings:PoolWatch to a PostgreSQL server.");
        }

        var folder = configuredFolder ?? Candidates().FirstOrDefault(f => File.Exists(Path.Combine(f, "postgres")) && File.Exists(Path.Combine(f, "initdb")));
        return folder is not null
            ? new PostgresPrograms(folder)
            : throw new DatabaseSetupException(
                "No PostgreSQL programs found in PATH or /usr/lib/postgresql/*/bin. Install the package 'postgresql' (./build run does), "
                + "set PoolWatch:Postgres:BinDirectory, or set ConnectionStrings:PoolWatch to a server.");
    }

    /// <summary>A process that starts <paramref name="program"/>; with <paramref name="diesWithUs"/> it is interrupted when this process ends, however it ends.</summary>
    public ProcessStartInfo Command(string program, bool diesWithUs, params IEnumerable<string> arguments)
    {
        // A session of its own: Ctrl-C in the terminal is for the service, which then stops the server in order, and ends what else it runs as a group.
        List<string> words = ["setsid", "setpriv", .. diesWithUs ? ["--pdeathsig", "INT"] : Array.Empty<string>()];
        words.AddRange(RunsAsPostgresUser ? ["--reuid", "postgres", "--regid", "postgres", "--init-groups"] : []);
        words.AddRange(["--", Path.Combine(_folder, program), .. arguments]);
        return new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            // A folder that the other user may enter: ours may be closed to it.
            WorkingDirectory = "/",
        };
    }

    /// <exception cref="DatabaseSetupException">The program failed; the message has what it printed.</exception>
    public async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        await RunAsync(Command(program, diesWithUs: false, arguments), cancellationToken);

    public static async Task RunAsync(ProcessStartInfo command, CancellationToken cancellationToken)
    {
        command.RedirectStandardError = command.RedirectStandardOutput = true;
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await Task.WhenAll(output, errors).WaitAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await KillGroupAsync(process, errors);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new DatabaseSetupException($"{command.FileName} {string.Join(' ', command.ArgumentList)} failed: {(await errors).Trim()} "
                + $"{(await output).Trim()}");
        }
    }

    /// <summary>
    /// kill -9 for a program and whatever it started, at one moment: initdb starts one server after the other, and one that outlived it would go on
    /// to write. All of them hold the pipe of its errors, which ends with the last.
    /// </summary>
    private static async Task KillGroupAsync(Process process, Task errors)
    {
        if (!process.HasExited && Kill(-process.Id, SigKill) != 0)
        {
            // It has not begun its group yet, and so has started nobody.
            process.Kill();
        }

        await Task.WhenAny(errors, Task.Delay(LongestDeath, CancellationToken.None));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    /// <summary>
    /// kill -9, at once: .NET's way to kill a tree stops the processes first and looks through all of the machine's, and whoever ends meanwhile leaves
    /// them stopped. A backend that hangs would outlive its server, and keep the next one from starting.
    /// </summary>
    public static void KillWithChildren(Process process)
    {
        var list = $"/proc/{process.Id}/task/{process.Id}/children";
        var children = File.Exists(list) ? File.ReadAllText(list).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        process.Kill();
        foreach (var child in children)
        {
            try
            {
                Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture)).Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It ended with its parent.
            }
        }
    }

    private static Process Start(ProcessStartInfo command)
    {
        try
        {
            return Process.Start(command)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DatabaseSetupException($"The program {command.FileName} can't be started: {e.Message}. It is part of the "
                + "packages util-linux or coreutils.", e);
        }
    }

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return [.. path, .. versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var n) ? n : 0).Select(v => Path.Combine(v, "bin"))];
    }
}

/// <summary>No database can be had; the message says what to do.</summary>
internal sealed class DatabaseSetupException(string message, Exception? innerException = null) : Exception(message, innerException);
