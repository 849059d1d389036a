/** Projects as people have them: misspelt, half broken, made on Windows, with keys in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { memoryFiles, openProject, printedProblem, Secret } from '../src/index.ts';

const open = async (contents: Readonly<Record<string, string>>) => {
  const { project, problems } = await openProject(memoryFiles(contents));
  return { project, problems: problems.map((problem) => printedProblem(problem)) };
};

const hub = {
  ScriptType: 'Input',
  Name: 'clicks',
  Type: 'Data Stream',
  DataSourceType: 'Event Hub',
  EventHubProperties: { ServiceBusNamespace: 'ns', EventHubName: 'clicks-hub', SharedAccessPolicyKey: 'c2VjcmV0LWtleQ==' },
};

test('backslashes, a byte order mark, comments and another case of names do not matter', async () => {
  const { project, problems } = await open({
    'asaproj.json':
      '\uFEFF{\r\n  // by hand\r\n  "name": "shop", "startFile": ".\\\\Shop.asaql",\r\n  "configurations": [{ "filePath": "inputs\\\\Local_clicks.json", "subType": "InputMock" },]\r\n}',
    'shop.asaql': '\uFEFFSELECT 1 AS a INTO o FROM clicks',
    'Inputs/Local_clicks.json':
      '{ "InputAlias": "clicks", "Type": "Data Stream", "Format": "Json", "FilePath": "..\\\\data\\\\Clicks.JSON", "ScriptType": "InputMock" }',
    'data/clicks.json': '[]',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(project.startFile, { path: 'shop.asaql', text: 'SELECT 1 AS a INTO o FROM clicks' });
  assert.deepEqual(project.inputs[0]?.local, {
    path: 'Inputs/Local_clicks.json',
    format: 'json',
    samplePath: 'data/clicks.json',
  });
});

test("the tools' own slips of the pen are understood, and others are told", async () => {
  const { project, problems } = await open({
    'Inputs/old.json': JSON.stringify({
      ...{ ScriptType: 'Input', Name: 'old', Type: 'Data Stream', InputPartionKey: 'deviceId', PartitionKey: null },
      ...{ CompresssionType: 'GZip', DataSourceType: 'Event Hub', EventHubProperties: { EventHubNaem: 'h' } },
    }),
    'Outputs/pbi.json': JSON.stringify({
      ...{ ScriptType: 'Output', Name: 'pbi', DataSourceType: 'Power BI', PowellBIProperties: { Dataset: 'd', Table: 't' } },
    }),
  });
  assert.equal(project.inputs[0]?.partitionKey, 'deviceId');
  assert.equal(project.inputs[0]?.compression, 'GZip');
  assert.deepEqual(project.inputs[0]?.source?.properties, { EventHubName: 'h' });
  assert.deepEqual(project.outputs[0]?.sink?.properties, { Dataset: 'd', Table: 't' });
  assert.deepEqual(problems, [
    'Inputs/old.json:1:198 warning PRJ0004 EventHubProperties.EventHubNaem: The key is read as EventHubName: write it so.',
  ]);
});

test('a broken file is told with its place and key, and the rest is there', async () => {
  const { project, problems } = await open({
    'asaproj.json':
      '{ "name": "shop", "startFile": "gone.asaql", "configurations": [{ "filePath": "Outputs\\\\gone.json", "subType": "Output" }, { "subType": "Input" }] }',
    'JobConfig.json':
      '{\n  "ScriptType": "JobConfig",\n  "CompatibilityLevel": "1.3",\n  "EventsLateArrivalMaxDelayInSeconds": "60",\n  "EventsOutOfOrderPolicy": "Drop"\n}',
    'Inputs/broken.json':
      '{\n  "Name": "broken",\n  "EventHubProperties": {\n    "EventHubName": "a"\n    "ConsumerGroupName": "b"\n  }\n}',
    'Inputs/whole.json': JSON.stringify({ ScriptType: 'Input', Name: 'whole' }),
    'Inputs/twice.json': JSON.stringify({ ScriptType: 'Input', Name: 'WHOLE' }),
    'Functions/half.js.json': JSON.stringify({ ScriptType: 'JSFunction', Name: 'half', Type: 'Scalar' }),
    'profiles/prod.yaml': 'outputs:\n  o:\n    AccountKey: abc\n    AccountId: x\nstages: 1\n',
  });
  assert.deepEqual(problems, [
    'JobConfig.json:3:25 error PRJ0003 CompatibilityLevel: The value is "1.3": write "1.0", "1.1" or "1.2". The file is read with "1.2".',
    'JobConfig.json:4:41 error PRJ0003 EventsLateArrivalMaxDelayInSeconds: The value is "60": write a number.',
    'asaproj.json:1:32 error PRJ0002 startFile: gone.asaql does not exist.',
    'asaproj.json:1:79 error PRJ0002 configurations[0].filePath: Outputs/gone.json does not exist.',
    'asaproj.json:1:124 error PRJ0003 configurations[1].filePath: filePath is missing.',
    "Functions/half.js.json:1:35 error PRJ0002 Name: The function's code, Functions/half.js, does not exist.",
    'Inputs/broken.json:5:5 error PRJ0001 EventHubProperties.ConsumerGroupName: The file is broken JSON here: comma expected.',
    "Inputs/whole.json:1:30 error PRJ0005 Name: The name 'whole' is taken by Inputs/twice.json: give it another one.",
    'profiles/prod.yaml:2:3 error PRJ0007 outputs.o: The project has no such output. It has: none.',
    'profiles/prod.yaml:3:5 error PRJ0007 outputs.o.AccountKey: Keys do not belong in a profile: give them when the job is deployed, or sign in by identity (AuthenticationMode: Msi).',
    'profiles/prod.yaml:5:1 error PRJ0004 stages: A profile has the keys job, inputs and outputs.',
  ]);
  assert.deepEqual(
    project.inputs.map(({ name }) => name),
    ['broken', 'WHOLE'],
  );
  assert.equal(project.job?.policies.action, 'drop');
  assert.deepEqual(project.profiles[0]?.outputs, [{ names: 'o', values: { AccountId: 'x' } }]);
});

test('a key is told, and never printed', async () => {
  const { project, problems } = await open({
    'Inputs/clicks.json': JSON.stringify({ ...hub, Note: 'Endpoint=sb://x/;SharedAccessKey=c2VjcmV0LWtleQ==', Name: 5 }),
    'JobConfig.json': JSON.stringify({
      ScriptType: 'JobConfig',
      GlobalStorage: { AccountName: 'a', AccountKey: 'c2VjcmV0LWtleQ==' },
    }),
    'Outputs/sql.json': JSON.stringify({
      Name: 'sql',
      DataSourceType: 'SQL Database',
      SQLDatabaseProperties: { Password: ['c2VjcmV0LWtleQ=='], Server: 'Password=c2VjcmV0LWtleQ==' },
    }),
  });
  const key = project.inputs[0]?.source?.properties.SharedAccessPolicyKey;
  assert.ok(key instanceof Secret);
  assert.equal(key.reveal(), 'c2VjcmV0LWtleQ==');
  assert.ok(problems.some((line) => /PRJ0006 EventHubProperties\.SharedAccessPolicyKey/.test(line)));
  const everything = [JSON.stringify(project), inspect(project, { depth: 20, showHidden: true }), `${key}`, ...problems].join(
    '\n',
  );
  assert.doesNotMatch(everything, /c2VjcmV0/);
});

test('a Visual Studio project, broken or whole', async () => {
  const xml = (item: string) =>
    `<Project ToolsVersion="4.0">\n  <PropertyGroup><Name>Taxi</Name></PropertyGroup>\n  <ItemGroup>\n    <Configure Include="Inputs\\Ride.json">\n      <SubType>Input</SubType>\n    </Configure>\n    ${item}\n    <Script Include="Taxi.asaql" />\n  </ItemGroup>\n</Project>`;
  const rest = {
    'Taxi.asaql': 'SELECT * INTO o FROM Ride',
    'Inputs/Ride.json': JSON.stringify({ ScriptType: 'Input', Name: 'Ride' }),
  };
  const whole = await open({
    ...rest,
    'Taxi.asaproj': xml('<Configure Include="Job.json"><SubType>JobConfig</SubType></Configure>'),
  });
  assert.deepEqual(whole.problems, ['Taxi.asaproj:7:25 error PRJ0002 Include: Job.json does not exist.']);
  assert.equal(whole.project.layout, 'visual-studio');
  assert.equal(whole.project.name, 'Taxi');
  assert.equal(whole.project.startFile?.path, 'Taxi.asaql');
  const broken = await open({ ...rest, 'Taxi.asaproj': xml('<Configure>') });
  assert.match(broken.problems[0] ?? '', /^Taxi\.asaproj:\d+:\d+ error PRJ0001 The file is broken XML here: /);
  assert.deepEqual(
    broken.project.inputs.map(({ name }) => name),
    ['Ride'],
  );
});
