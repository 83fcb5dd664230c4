import type { Results } from './run';
import { COUNTS } from './synthesis';
import { WAYS, WayName } from './ways/way';

const NAMES: Record<WayName, string> = {
  'pinpoint-event-stream': '**`PinpointEventStream`**',
  'cfn-event-stream': '`CfnEventStream`',
  'aws-custom-resource': '`AwsCustomResource`',
  'provider-framework': '`Provider` framework',
  'nodejs-function': '`NodejsFunction`',
};

/** docs/benchmarks.md */
export function report({ versions, cores, rounds, sizes, synthesis, functions, deployments }: Results): string {
  return `# Benchmarks

<!-- Made by \`npm run bench\`. -->

Five ways to give a Pinpoint application an event stream to a Kinesis data stream, with a role. [Their source](../bench/ways) is what was measured.

- ${NAMES['pinpoint-event-stream']}, this library. It alone looks before it acts, waits for IAM, leaves another's event stream alone, and keeps
  the function's log group in the stack.
- ${NAMES['cfn-event-stream']}, CloudFormation's own resource. It needs no function.
- ${NAMES['aws-custom-resource']}, with a put and a delete. Its function takes the SDK from Lambda's runtime.
- ${NAMES['provider-framework']}, with a small function that takes the SDK from Lambda's runtime as well.
- ${NAMES['nodejs-function']}, as samples have it, with the SDK in its bundle.

Times are in milliseconds: minimum / **median** / maximum. The ways took turns on one development machine with ${cores} cores.
Compare the ways with one another, and their minima first; the times do not predict what AWS takes.
[Decision 0002](decisions/0002-bundled-sdk.md) says what this library does about size and time.

Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.

## Size

With one event stream in the stack, and with ten.

${table(['resources, 1', 'resources, 10', 'template bytes, 1', 'template bytes, 10', 'asset bytes'], (name) => {
  const [one, ten] = sizes[name];
  return [one.resources, ten.resources, one.templateBytes, ten.templateBytes, one.assetBytes].map(figure);
})}

## Synthesis

A process that synthesises an app with one stack of so many event streams; ${rounds.processes} runs. \`NodejsFunction\` runs esbuild each time.

${table(COUNTS.map(String), (name) => COUNTS.map((count) => range(synthesis[`${name} ${count}`])))}

## Cold start

A process that loads the function, and one that also lets it answer its first Create, with a Pinpoint and a CloudFormation that answer at once;
${rounds.processes} runs. Node.js alone takes ${range(functions.node)}. What runs of the \`Provider\` framework in front of the small function is not included.

${table(['load', 'load and first Create'], (name) => ['load', 'create'].map((step) => range(functions[`${name} ${step}`])))}

## Deployment

In the emulator, which does not know \`CfnEventStream\`, from the first event of the stack to the last; ${rounds.deployments} runs. The calls are those
that reach Pinpoint. Of the two calls of \`PinpointEventStream\`, one is the look before the action.

${table(['create', 'update', 'calls, create', 'calls, update', 'calls, delete'], (name) => [
  ...['create', 'update'].map((step) => range(deployments[`${name} ${step}`]?.milliseconds)),
  ...['create', 'update', 'delete'].map((step) => [...new Set(deployments[`${name} ${step}`]?.calls)].join(', ')),
])}
`;
}

function table(header: string[], cells: (name: WayName) => string[]): string {
  return [['', ...header], ['---', ...header.map(() => '---:')], ...WAYS.map((name) => [NAMES[name], ...cells(name)])]
    .map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function range(times: readonly number[] = []): string {
  if (times.length === 0) {
    return '';
  }
  const sorted = [...times].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return `${figure(sorted[0])} / **${figure(median)}** / ${figure(sorted[sorted.length - 1])}`;
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en');
}
