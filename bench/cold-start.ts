import { spawn } from 'child_process';
import { join } from 'path';
import { interleaved } from './processes';
import { each, mapped } from './records';
import { Service } from './service';
import { Series } from './statistics';

/** The functions' code; of the Provider framework, the small function behind the framework's own. */
const HANDLERS = {
  'empty': 'bench/handlers/empty.cjs',
  'ours': 'assets/handler/index/index.js',
  'aws-custom-resource': 'node_modules/aws-cdk-lib/custom-resource-handlers/dist/custom-resources/aws-custom-resource-handler/index.js',
  'provider-framework': 'bench/handlers/provider/index.js',
  'naive': '.cache/bench/naive.js',
};

export type HandlerName = keyof typeof HANDLERS;

const INVOKE = join('bench', 'handlers', 'invoke.cjs');

const pathOf = (name: HandlerName) => join(process.cwd(), HANDLERS[name]);

/** New processes that load a function, and end. */
export function coldStarts(rounds: number): Promise<Record<HandlerName, Series>> {
  return interleaved(each(Object.keys(HANDLERS) as HandlerName[], (name) => ({ args: ['--eval', `require(${JSON.stringify(pathOf(name))})`] })), rounds);
}

/** New processes that load a function, let it fulfil its first Create, and end: milliseconds. */
export async function firstCreates(rounds: number): Promise<Record<HandlerName, Series>> {
  return withService((service) => interleaved(createsOf(service), rounds));
}

/** The most memory that such a process has: bytes. */
export async function memory(rounds: number): Promise<Record<HandlerName, Series>> {
  return withService((service) => interleaved(createsOf(service), rounds, ({ stdout }) => measured(stdout).rssBytes));
}

/** Lambda gives a function a CPU of its own at this size, and a share of one in proportion below. */
const MEGABYTES_PER_CPU = 1_769;

/** How long our function takes for its first Create, with the share of a CPU that each memory size has: milliseconds. */
export async function memorySweep(sizes: readonly number[], rounds: number): Promise<Record<number, Series>> {
  return withService(async (service) => {
    const figures = each(sizes, () => [] as number[]);
    for (let round = 0; round < rounds; round++) {
      for (const size of sizes) {
        figures[size].push(await throttledCreate(service, Math.min(1, size / MEGABYTES_PER_CPU)));
      }
    }
    return mapped(figures, (found) => new Series(found));
  });
}

/** How often a process is given its share, as Linux does for Lambda. */
const PERIOD_MS = 20;

/** Stops the process for the part of each period that is not its share; not while it loads, as Lambda does not either. */
async function throttledCreate(service: Service, share: number): Promise<number> {
  const child = spawn(process.execPath, [INVOKE, pathOf('ours'), JSON.stringify(requestFor('ours', service)), '--wait'], {
    env: { PATH: process.env.PATH!, NODE_NO_WARNINGS: '1', ...service.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => { stdout += chunk; });
  let running = true;
  child.once('close', () => { running = false; });
  while (running && !stdout.includes('loaded')) {
    await sleep(5);
  }
  child.stdin.write('go');
  while (running) {
    await sleep(PERIOD_MS * share);
    if (share < 1) {
      child.kill('SIGSTOP');
      await sleep(PERIOD_MS * (1 - share));
      child.kill('SIGCONT');
    }
  }
  if (child.exitCode !== 0) {
    throw new Error(`the function ended with ${child.exitCode ?? child.signalCode} before it had answered:\n${stdout}`);
  }
  return measured(stdout).milliseconds;
}

function createsOf(service: Service) {
  return each(Object.keys(HANDLERS) as HandlerName[], (name) => ({
    args: [
      ...name === 'aws-custom-resource' ? ['--require', './bench/handlers/answer-over-http.cjs'] : [],
      INVOKE, pathOf(name), JSON.stringify(requestFor(name, service)),
    ],
    // Where AwsCustomResource finds the SDK that the Lambda runtime has.
    env: { ...service.environment, NODE_PATH: join(process.cwd(), 'node_modules') },
  }));
}

function requestFor(name: HandlerName, service: Service): object {
  const eventStream = { ApplicationId: '0'.repeat(32), DestinationStreamArn: 'arn:aws:kinesis:::stream/s', RoleArn: 'arn:aws:iam::1:role/r' };
  const { ApplicationId, ...WriteEventStream } = eventStream;
  return {
    RequestType: 'Create',
    ResponseURL: `${service.url}/answer`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Events',
    ResourceProperties: name !== 'aws-custom-resource' ? { ...eventStream, ReplaceExisting: 'false' } : {
      ServiceToken: 'token',
      Create: JSON.stringify({
        service: 'Pinpoint', action: 'PutEventStream', parameters: { ApplicationId, WriteEventStream }, physicalResourceId: { id: ApplicationId },
      }),
    },
  };
}

function measured(stdout: string): { milliseconds: number; rssBytes: number } {
  return JSON.parse(stdout.trim().split('\n').pop()!);
}

async function withService<T>(use: (service: Service) => Promise<T>): Promise<T> {
  const service = await Service.start();
  try {
    return await use(service);
  } finally {
    await service.stop();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
