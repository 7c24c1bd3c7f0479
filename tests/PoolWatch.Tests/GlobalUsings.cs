global using PoolWatch.Core.Bitcoin;
global using PoolWatch.Core.Concentration;
global using PoolWatch.Core.Pools;
