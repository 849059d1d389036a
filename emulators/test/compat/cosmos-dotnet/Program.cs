// Drives a Cosmos DB emulator through Microsoft.Azure.Cosmos in gateway mode. Argument: the connection string. Exits 1 at the first thing that differs.
using System.Net;
using Microsoft.Azure.Cosmos;
using Newtonsoft.Json.Linq;

var clientOptions = new CosmosClientOptions
{
    ConnectionMode = ConnectionMode.Gateway,
    LimitToEndpoint = true,
    ServerCertificateCustomValidationCallback = (_, _, _) => true,
    MaxRetryAttemptsOnRateLimitedRequests = 0,
};
using var client = new CosmosClient(args[0], clientOptions);
int checks = 0;

void Check(bool holds, string what)
{
    if (!holds)
    {
        Console.Error.WriteLine($"FAILED: {what}");
        Environment.Exit(1);
    }
    checks++;
}

async Task<HttpStatusCode> StatusOf(Func<Task> call)
{
    try
    {
        await call();
        return HttpStatusCode.OK;
    }
    catch (CosmosException error)
    {
        return error.StatusCode;
    }
}

async Task<List<T>> All<T>(FeedIterator<T> feed)
{
    var rows = new List<T>();
    while (feed.HasMoreResults) rows.AddRange(await feed.ReadNextAsync());
    return rows;
}

JObject Item(int n) => JObject.FromObject(new { id = $"item-{n}", group = n % 2 == 0 ? "even" : "odd", n, name = $"Name {n}", tags = new[] { "a", $"t{n}" } });

Database database = await client.CreateDatabaseIfNotExistsAsync("dotnet");
database = await client.CreateDatabaseIfNotExistsAsync("dotnet");
var properties = new ContainerProperties("things", "/group") { DefaultTimeToLive = -1 };
Container container = await database.CreateContainerIfNotExistsAsync(properties, throughput: 500);
container = await database.CreateContainerIfNotExistsAsync(properties, throughput: 500);
Check(await container.ReadThroughputAsync() == 500, "throughput is 500");
await container.ReplaceThroughputAsync(600);
Check(await container.ReadThroughputAsync() == 600, "throughput is 600");

for (int n = 0; n < 20; n++)
{
    var created = await container.CreateItemAsync(Item(n), new PartitionKey(n % 2 == 0 ? "even" : "odd"));
    Check(created.StatusCode == HttpStatusCode.Created && created.RequestCharge > 1, $"create {n}");
}
Check(await StatusOf(() => container.CreateItemAsync(Item(1), new PartitionKey("odd"))) == HttpStatusCode.Conflict, "409 for an id that exists");

var read = await container.ReadItemAsync<JObject>("item-3", new PartitionKey("odd"));
Check(read.Resource["name"]!.Value<string>() == "Name 3" && read.ETag != null, "read");
Check(await StatusOf(() => container.ReadItemAsync<JObject>("item-3", new PartitionKey("even"))) == HttpStatusCode.NotFound, "404 in another partition");

read.Resource["name"] = "renamed";
var upserted = await container.UpsertItemAsync(read.Resource, new PartitionKey("odd"), new ItemRequestOptions { IfMatchEtag = read.ETag });
Check(upserted.StatusCode == HttpStatusCode.OK, "upsert of an existing item");
var stale = new ItemRequestOptions { IfMatchEtag = read.ETag };
Check(await StatusOf(() => container.ReplaceItemAsync(read.Resource, "item-3", new PartitionKey("odd"), stale)) == HttpStatusCode.PreconditionFailed, "412 for a stale etag");

var patched = await container.PatchItemAsync<JObject>("item-4", new PartitionKey("even"), new[] { PatchOperation.Increment("/n", 100), PatchOperation.Add("/tags/-", "patched"), PatchOperation.Set("/extra", true) });
Check(patched.Resource["n"]!.Value<int>() == 104 && patched.Resource["tags"]!.Last!.Value<string>() == "patched", "patch");

await container.DeleteItemAsync<JObject>("item-19", new PartitionKey("odd"));
Check(await StatusOf(() => container.ReadItemAsync<JObject>("item-19", new PartitionKey("odd"))) == HttpStatusCode.NotFound, "deleted");

var ordered = new QueryDefinition("SELECT c.id, c.n FROM c WHERE c.group = @group AND c.n >= @least ORDER BY c.n DESC").WithParameter("@group", "even").WithParameter("@least", 10);
var rows = await All(container.GetItemQueryIterator<JObject>(ordered));
Check(string.Join(",", rows.Select(row => row["n"])) == "104,18,16,14,12,10", "ORDER BY");
var scoped = new QueryRequestOptions { PartitionKey = new PartitionKey("odd"), MaxItemCount = 4 };
Check((await All(container.GetItemQueryIterator<JObject>("SELECT * FROM c", requestOptions: scoped))).Count == 9, "paged query of one partition");
Check((await All(container.GetItemQueryIterator<JObject>("SELECT * FROM c", requestOptions: new QueryRequestOptions { MaxItemCount = 3 }))).Count == 19, "paged query of all partitions");
Check((await All(container.GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c")))[0] == 19, "COUNT");
var groups = await All(container.GetItemQueryIterator<JObject>("SELECT c.group, COUNT(1) AS items FROM c GROUP BY c.group"));
Check(groups.Count == 2 && groups.Sum(row => row["items"]!.Value<int>()) == 19, "GROUP BY");
Check((await All(container.GetItemQueryIterator<string>("SELECT DISTINCT VALUE c.group FROM c"))).Count == 2, "DISTINCT");
Check((await All(container.GetItemQueryIterator<string>("SELECT VALUE t FROM c JOIN t IN c.tags WHERE t = 'patched'"))).Count == 1, "JOIN");
Check(await StatusOf(() => All(container.GetItemQueryIterator<JObject>("SELECT * FROM c WHERE NO_SUCH(c.id)"))) == HttpStatusCode.BadRequest, "400 for an unknown function");

async Task<(int Items, string Continuation)> Changes(ChangeFeedStartFrom from)
{
    var feed = container.GetChangeFeedIterator<JObject>(from, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions { PageSizeHint = 5 });
    int items = 0;
    while (true)
    {
        var page = await feed.ReadNextAsync();
        if (page.StatusCode == HttpStatusCode.NotModified) return (items, page.ContinuationToken);
        items += page.Count;
    }
}

var (first, token) = await Changes(ChangeFeedStartFrom.Beginning());
Check(first == 19, "change feed from the beginning");
await container.UpsertItemAsync(Item(21), new PartitionKey("odd"));
Check((await Changes(ChangeFeedStartFrom.ContinuationToken(token))).Items == 1, "change feed from a continuation");
var evens = FeedRange.FromPartitionKey(new PartitionKey("even"));
Check((await Changes(ChangeFeedStartFrom.Beginning(evens))).Items == 10, "change feed of a partition");

var leases = (Container)await database.CreateContainerIfNotExistsAsync("leases", "/id");
var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
int processed = 0;
var processor = container.GetChangeFeedProcessorBuilder<JObject>("p", (changes, _) =>
    {
        if (Interlocked.Add(ref processed, changes.Count) >= 20) seen.TrySetResult(processed);
        return Task.CompletedTask;
    })
    .WithInstanceName("one").WithLeaseContainer(leases).WithStartTime(DateTime.MinValue.ToUniversalTime()).WithPollInterval(TimeSpan.FromMilliseconds(50)).Build();
await processor.StartAsync();
Check(await seen.Task.WaitAsync(TimeSpan.FromSeconds(30)) == 20, "change feed processor");
await processor.StopAsync();

var batch = await container.CreateTransactionalBatch(new PartitionKey("odd")).UpsertItem(Item(31)).ExecuteAsync();
Check((int)batch.StatusCode is >= 400 and < 500 && batch.ErrorMessage.Contains("HybridRow"), "a binary batch is refused, naming the format");

var badKey = new CosmosClient(args[0].Replace("AccountKey=C", "AccountKey=D"), clientOptions);
Check(await StatusOf(() => badKey.GetContainer("dotnet", "things").ReadItemAsync<JObject>("item-3", new PartitionKey("odd"))) == HttpStatusCode.Unauthorized, "401 for a wrong key");

await database.DeleteAsync();
Console.WriteLine($"{checks} passed, 0 failed");
