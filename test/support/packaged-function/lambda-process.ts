import { spawn } from 'child_process';
import { join } from 'path';
import { functionTimeoutSeconds, PROPAGATION_TIMEOUT_VARIABLE } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { REGION } from '../emulators/emulators';

/** The function as the package ships it. */
const BUNDLE = join(__dirname, '..', '..', '..', 'assets', 'handler', 'index', 'index.js');

/** What must never be in a log, wherever it comes from. */
export const SECRETS = { AWS_SECRET_ACCESS_KEY: 'the-secret-access-key', AWS_SESSION_TOKEN: 'the-session-token' };

export interface LambdaProcessOptions {
  readonly pinpointUrl: string;
  /** Tells the fault proxy whose calls these are. */
  readonly accessKeyId: string;
  readonly propagationTimeoutSeconds: number;
  /** Which look-ups of the endpoint's name fail; none, where this is absent. */
  readonly dnsOutage?: { readonly from: number; readonly times: number };
  /** Kills the process, as Lambda does with one that has crashed. */
  readonly signal?: AbortSignal;
}

/** How an invocation ended. */
export interface LambdaRun {
  /** 0 for success, 1 for an error, 124 for the function's timeout; null where it was killed. */
  readonly exitCode: number | null;
  /** What it wrote, on both streams. */
  readonly log: string;
}

/** Runs the packaged function for one request, in a process of its own, until it ends or its timeout is over. */
export async function runInLambda(request: CustomResourceRequest, options: LambdaProcessOptions): Promise<LambdaRun> {
  const { pinpointUrl, accessKeyId, propagationTimeoutSeconds, dnsOutage, signal } = options;
  const preload = dnsOutage ? ['--require', join(__dirname, 'dns-outage.cjs')] : [];
  const timeout = functionTimeoutSeconds(propagationTimeoutSeconds) * 1_000;
  const child = spawn(process.execPath, [...preload, join(__dirname, 'lambda-runtime.cjs'), BUNDLE, String(timeout)], {
    env: {
      ...SECRETS,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_PINPOINT: pinpointUrl,
      NODE_NO_WARNINGS: '1',
      [PROPAGATION_TIMEOUT_VARIABLE]: String(propagationTimeoutSeconds),
      ...dnsOutage && { DNS_OUTAGE_FROM: String(dnsOutage.from), DNS_OUTAGE_TIMES: String(dnsOutage.times) },
    },
    signal,
    killSignal: 'SIGKILL',
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr.on('data', (chunk) => chunks.push(String(chunk)));
  child.stdin.end(JSON.stringify(request));
  // An abort is an error to Node, and an end like any other here.
  child.on('error', () => {});
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, log: chunks.join('') };
}
