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

There are five ways to give a Pinpoint application an event stream to a Kinesis data stream, with a role. We measured [their source](../bench/ways).

- ${NAMES['pinpoint-event-stream']}: this library. Only this way looks before it acts, waits for IAM, leaves another's event stream alone, and
  keeps the function's log group in the stack.
- ${NAMES['cfn-event-stream']}: CloudFormation's own resource. It needs no function.
- ${NAMES['aws-custom-resource']}: one call to put and one to delete. Its function uses the SDK of Lambda's runtime.
- ${NAMES['provider-framework']}: the CDK's own, with a small function that also uses the SDK of Lambda's runtime.
- ${NAMES['nodejs-function']}: a function as samples show it, with the SDK in its bundle.

Times are in milliseconds: minimum / **median** / maximum. The ways took turns on one development machine with ${cores} cores.
Compare the ways with one another, and compare minima first. The times do not predict how long AWS takes.
[Decision 0002](decisions/0002-bundled-sdk.md) explains what this library does about size and time.

Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.

## Size

One event stream in the stack, and ten.

${table(['resources, 1', 'resources, 10', 'template bytes, 1', 'template bytes, 10', 'asset bytes'], (name) => {
  const [one, ten] = sizes[name];
  return [one.resources, ten.resources, one.templateBytes, ten.templateBytes, one.assetBytes].map(figure);
})}

## Synthesis

A process synthesises an app with one stack of ${COUNTS.join(' or ')} event streams; ${rounds.processes} runs. \`NodejsFunction\` runs esbuild each time.

${table(COUNTS.map(String), (name) => COUNTS.map((count) => range(synthesis[`${name} ${count}`])))}

## Cold start

One process loads the function. Another also has it answer its first Create, and Pinpoint and CloudFormation answer it at once; ${rounds.processes} runs each.
Node.js alone takes ${range(functions.node)}. The times of the \`Provider\` framework leave out its own function, which runs in front of the small one.

${table(['load', 'load and first Create'], (name) => ['load', 'create'].map((step) => range(functions[`${name} ${step}`])))}

## Deployment

Measured in the emulator, from the first event of the stack to the last; ${rounds.deployments} runs. The emulator does not know \`CfnEventStream\`. The calls are
those that reach Pinpoint. \`PinpointEventStream\` makes two: one to look, and one to act.

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
