# PoolWatch alone; docker-compose.yml has the rest. The image contains no PostgreSQL: ConnectionStrings__PoolWatch is required.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# false where the NuGet source does not serve NBitcoin (docs/adr/0005); blocks are then read by PoolWatch's own client.
ARG NBITCOIN=true
WORKDIR /source
COPY global.json .editorconfig BannedSymbols.txt Directory.Build.props Directory.Packages.props ./
COPY src/ src/
# The service serves them.
COPY docs/runbooks/ docs/runbooks/
RUN dotnet publish src/PoolWatch -c Release --use-current-runtime -p:PublishReadyToRun=true -p:NBitcoin=${NBITCOIN} -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
WORKDIR /app
COPY --from=build /app ./
# The file system is mounted read-only: what .NET wants to write goes to /tmp.
ENV PoolWatch__Listen=http://0.0.0.0:8080 XDG_DATA_HOME=/tmp DOTNET_CLI_HOME=/tmp
EXPOSE 8080
USER $APP_UID
# The image has bash, but neither curl nor wget. Live, not ready: a node that is away is no reason to restart this container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 4 status <&3 && [[ $status == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "PoolWatch.dll"]
