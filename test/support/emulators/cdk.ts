import { spawn } from 'child_process';
import { ACCOUNT, Emulators, REGION } from './emulators';

const CDK = require.resolve('aws-cdk/bin/cdk');

/** How a run of the CDK CLI ended. */
export interface CdkResult {
  readonly status: number | null;
  /** What it printed, on both streams. */
  readonly output: string;
}

export interface CdkOptions {
  /** Whether the output goes to the terminal instead of the result. */
  readonly visible?: boolean;
}

/** Runs the CDK CLI against the emulators. */
export async function cdk(emulators: Emulators, args: string[], options: CdkOptions = {}): Promise<CdkResult> {
  const child = spawn(process.execPath, [CDK, ...args], {
    env: { ...process.env, ...emulators.environment, NODE_NO_WARNINGS: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    stdio: ['ignore', options.visible ? 'inherit' : 'pipe', options.visible ? 'inherit' : 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout?.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr?.on('data', (chunk) => chunks.push(String(chunk)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  return { status, output: chunks.join('') };
}

export async function bootstrap(emulators: Emulators): Promise<void> {
  requireSuccess(await cdk(emulators, ['bootstrap', `aws://${ACCOUNT}/${REGION}`]));
}

export function requireSuccess({ status, output }: CdkResult): string {
  if (status !== 0) {
    throw new Error(`the CDK CLI ended with ${status}:\n${output}`);
  }
  return output;
}
