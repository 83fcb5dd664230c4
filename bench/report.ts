import { HandlerName } from './cold-start';
import { STEPS } from './deployment';
import { COUNTS, Range, Results } from './results';
import { SubjectName, SUBJECTS } from './subjects';

const NAMES: Record<SubjectName | HandlerName, string> = {
  'empty': 'empty handler',
  'native': '`CfnEventStream`',
  'ours': '**ours**',
  'aws-custom-resource': '`AwsCustomResource`',
  'provider-framework': '`Provider` framework',
  'naive': '`NodejsFunction`',
};

/** The bytes of a function with the whole client, from the packages' CommonJS. */
const PLAIN_BUNDLE_BYTES = 522_572;

/** Something that was to be reached, and whether it was. */
export interface Target {
  readonly measure: string;
  readonly target: string;
  readonly found: string;
  readonly reached: boolean;
}

/** What the library set out to reach, against what was found. */
export function targets({ sizes, coldStarts, imports, synthesis, deployments }: Results): Target[] {
  const [ours, aws, provider, naive] = [sizes.ours, sizes['aws-custom-resource'], sizes['provider-framework'], sizes.naive];
  const further = (name: SubjectName) => (sizes[name][10].templateBytes - sizes[name][2].templateBytes) / 8;
  const coldExcess = (name: HandlerName) => coldStarts[name].median - coldStarts.empty.median;
  const synthesised = (name: 'native' | 'ours', count: number) => synthesis[name]![count].median;
  // By the minima: in a difference of two times that are alike, noise would count for more than what is measured.
  const perEventStream = (count: number) => (synthesis.ours![count].min - synthesis.ours![1].min) / (count - 1);
  const deployed = (name: SubjectName, step: 'create' | 'update') => deployments[name]![step].milliseconds.median;
  const calls = STEPS.map((step) => Math.max(...deployments.ours![step].calls));
  return [
    atMost('resources, 1 event stream, beside `AwsCustomResource`', ours[1].resources, aws[1].resources + 2, '2 more'),
    atMost('resources, 10 event streams, beside `AwsCustomResource`', ours[10].resources, aws[10].resources + 2, '2 more'),
    below('resources, 1 event stream, beside the `Provider` framework', ours[1].resources, provider[1].resources),
    below('resources, 10 event streams, beside the `Provider` framework', ours[10].resources, provider[10].resources),
    below('resources, 1 event stream, beside `NodejsFunction`', ours[1].resources, naive[1].resources),
    below('resources, 10 event streams, beside `NodejsFunction`', ours[10].resources, naive[10].resources),
    atMost('template bytes, 1 event stream', ours[1].templateBytes, 1.25 * aws[1].templateBytes, '1.25 × `AwsCustomResource`'),
    atMost('template bytes, each further event stream', further('ours'), further('aws-custom-resource'), '`AwsCustomResource`'),
    atMost('bytes of the function, beside the plain bundle', ours[1].assetBytes, PLAIN_BUNDLE_BYTES / 4, '¼ of it'),
    below('bytes of the function, beside `AwsCustomResource`', ours[1].assetBytes, aws[1].assetBytes),
    atMost('cold start, × the empty handler', coldStarts.ours.median / coldStarts.empty.median, 1.5),
    below('cold start, excess over the empty handler, × that of `NodejsFunction`', coldExcess('ours') / coldExcess('naive'), 0.5),
    ...STEPS.map((step, index) => atMost(`calls to Amazon Pinpoint, ${step}`, calls[index], step === 'no change' ? 0 : 2)),
    atMost('synthesis of 1 event stream, × `CfnEventStream`', synthesised('ours', 1) / synthesised('native', 1), 1.15),
    atMost('synthesis, each of 200 event streams, × each of 10, by the minima', perEventStream(200) / perEventStream(10), 1.2),
    atMost('import, × that of the modules of the CDK', imports.with.median / imports.without.median, 1.05),
    ...(['create', 'update'] as const).flatMap((step) => (['aws-custom-resource', 'provider-framework'] as const).map((name) =>
      below(`deployment in the emulator, ${step}, × ${NAMES[name]}`, deployed('ours', step) / deployed(name, step), 1))),
  ];
}

function atMost(measure: string, found: number, limit: number, meaning?: string): Target {
  return { measure, target: `≤ ${described(limit, meaning)}`, found: figure(found), reached: found <= limit };
}

function below(measure: string, found: number, limit: number, meaning?: string): Target {
  return { measure, target: `< ${described(limit, meaning)}`, found: figure(found), reached: found < limit };
}

function described(limit: number, meaning?: string): string {
  return meaning ? `${figure(limit)} (${meaning})` : figure(limit);
}

function figure(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(2) : Math.round(value).toLocaleString('en');
}

function rows(header: string[], body: string[][]): string {
  return [header, header.map((_, index) => (index === 0 ? '---' : '---:')), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spread({ min, median, max }: Range, unit: number = 1): string {
  return `${figure(min / unit)} / **${figure(median / unit)}** / ${figure(max / unit)}`;
}

function byHandler(ranges: Record<HandlerName, Range>): string[][] {
  return (Object.keys(ranges) as HandlerName[]).map((name) => [
    NAMES[name], spread(ranges[name]), (ranges[name].median / ranges.empty.median).toFixed(2),
  ]);
}

const MEBIBYTE = 2 ** 20;

/** docs/benchmarks.md */
export function table(results: Results): string {
  const { machine, versions, rounds, sizes, zippedAssetBytes } = results;
  const counts = Object.keys(results.synthesis.ours!).map(Number);
  return `# Benchmarks

<!-- Made by \`npm run bench\`, together with benchmarks.svg and benchmarks.json; \`npm test\` fails where sizes are not these any more. -->

![What one event stream costs, in five ways](benchmarks.svg)

Five ways to the same: a Kinesis data stream, a role for Amazon Pinpoint, and the event stream of an application. The sources are in
[\`bench/subjects/\`](../bench/subjects/).

- ${NAMES.native}: the resource of CloudFormation itself. Nothing can be lighter.
- ${NAMES.ours}: \`PinpointEventStream\`. It alone looks before it acts, waits for IAM, leaves another's event stream alone, and has a log group of
  its own that goes with it. As with ${NAMES['aws-custom-resource']}, each event stream has its permissions until after its deletion.
- ${NAMES['aws-custom-resource']} with a Put and a Delete, ${NAMES['provider-framework']} with a small function, ${NAMES.naive} with the
  client in it, as a sample would have it.

All of it is of one run, on ${machine.cpus} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.system}, with
${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}. Times are of whole processes, in turn, in milliseconds:
minimum / **median** / maximum. They tell how one way compares with another on the same machine, and nothing of AWS.

## What was to be reached

${rows(['measure', 'target', 'found', ''], targets(results).map(({ measure, target, found, reached }) => [measure, target, found, reached ? 'reached' : '**missed**']))}

Why some are missed, what was tried, and where the floor is: [decision 0011](decisions/0011-weight.md).

## Resources, template and assets

${rows(['', ...COUNTS.map((count) => `resources, ${count}`), ...COUNTS.map((count) => `template bytes, ${count}`), 'asset bytes', 'zipped'],
  SUBJECTS.map((name) => [
    NAMES[name],
    ...COUNTS.map((count) => figure(sizes[name][count].resources)),
    ...COUNTS.map((count) => figure(sizes[name][count].templateBytes)),
    figure(sizes[name][1].assetBytes),
    figure(zippedAssetBytes[name]),
  ]))}

The functions of ${NAMES['aws-custom-resource']} and of ${NAMES['provider-framework']} load the SDK from Lambda's runtime; their assets are without it.

## Cold start

A new process loads the function; ${rounds.coldStarts} runs.

${rows(['', 'ms', '× empty'], byHandler(results.coldStarts))}

A new process loads the function, and lets it fulfil its first Create, with an Amazon Pinpoint and a CloudFormation that answer at once;
${rounds.firstCreates} runs. ${NAMES['aws-custom-resource']} and ${NAMES['provider-framework']} load the SDK from disk; what the framework's own function adds before
the small one is not in it.

${rows(['', 'ms', '× empty'], byHandler(results.firstCreates))}

The most memory that it has then (RSS), MiB; ${rounds.memory} runs.

${rows(['', 'MiB', '× empty'], (Object.keys(results.memory) as HandlerName[]).map((name) => [
  NAMES[name], spread(results.memory[name], MEBIBYTE), (results.memory[name].median / results.memory.empty.median).toFixed(2),
]))}

## Memory size

Our first Create, after loading, with the share of a CPU that Lambda gives to each memory size (1,769 MB: one), by stopping the process for
the rest of each 20 ms; ${rounds.memorySweep} runs.

${rows(['MB', 'ms', 'cost, ms × GB'], Object.entries(results.memorySweep).map(([size, time]) => [size, spread(time), figure(time.median * Number(size) / 1_024)]))}

## Synthesis

A process that synthesises an app of so many event streams, 10 in a stack; ${rounds.synthesis} runs. Without \`NodejsFunction\`, whose bundler takes
longer than the rest.

${rows(['', ...counts.map(String)], SUBJECTS.flatMap((name) => {
  const times = results.synthesis[name];
  return times ? [[NAMES[name], ...counts.map((count) => spread(times[count]))]] : [];
}))}

A process that imports the modules of the CDK, and the library on top; ${rounds.imports} runs.

${rows(['', 'ms'], [['without the library', spread(results.imports.without)], ['with the library', spread(results.imports.with)]])}

## Deployment

In the emulator, between the first and the last event of the stack; ${rounds.deployments} runs. ${NAMES.native} is not known there.

${rows(['', 'create, ms', 'update, ms', ...STEPS.map((step) => `calls, ${step}`)], SUBJECTS.flatMap((name) => {
  const steps = results.deployments[name];
  return steps ? [[NAMES[name], spread(steps.create.milliseconds), spread(steps.update.milliseconds), ...STEPS.map((step) => steps[step].calls.join(', '))]] : [];
}))}

The calls are those that reach Amazon Pinpoint. One of ours is the look before the action.
`;
}
