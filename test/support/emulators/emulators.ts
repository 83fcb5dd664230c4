import { spawn } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { createServer, Socket } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { GlueClient } from '@aws-sdk/client-glue';
import { IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateAppCommand,
  DeleteAppCommand,
  DeleteEventStreamCommand,
  EventStream,
  GetEventStreamCommand,
  NotFoundException,
  PinpointClient,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** Tells the emulators that a call is for Amazon Pinpoint; none of them checks the signature. */
const PINPOINT_AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/mobiletargeting/aws4_request`;

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, '.emulators', 'venv', 'bin');
const START_TIMEOUT_MS = 60_000;

/** A fault that calls to Amazon Pinpoint meet on their way through the fault proxy; it applies to the calls of Lambda functions only. */
export interface FaultRule {
  readonly operation: 'GetEventStream' | 'PutEventStream' | 'DeleteEventStream';
  /** Where present, it applies to calls that are signed with this key only. */
  readonly accessKeyId?: string;
  /** Where present, it applies to Puts of a role that this stack has created only. */
  readonly stackName?: string;
  /** How often it applies; always, where this is absent. */
  readonly times?: number;
  readonly fault: Fault;
}

/** What happens to a call, in the words of the fault proxy. */
export type Fault =
  /** It is answered with this error, and has no effect. */
  | { readonly error: { readonly code: string; readonly status: number; readonly message: string } }
  /** It has no answer for so long, and no effect. */
  | { readonly timeout_ms: number }
  /** Its connection is reset, and it has no effect. */
  | { readonly reset: true }
  /** It takes effect, and then its answer is cut, made slow or unreadable, or never ends. */
  | {
    readonly response: {
      readonly truncate_frac?: number;
      readonly corrupt_bytes?: number;
      readonly abort_bytes?: number;
      readonly bandwidth_kbps?: number;
    };
  };

/**
 * AWS on this machine: CloudFormation, IAM, Lambda, Kinesis, Firehose, S3, Glue
 * and Athena by ministack, Amazon Pinpoint by moto, and between the Lambda
 * function and Pinpoint microburst, which injects faults and counts calls.
 *
 * They listen on 127.0.0.1 only, on ports that were free when they started.
 */
export class Emulators {
  /**
   * Starts all three, and waits until they answer.
   *
   * @param timeZone of Pinpoint's emulator, which dates event streams in local time
   * @param functionEnvironment what Lambda functions have in their environment beside what their stacks put there
   */
  public static async start(timeZone: string = PAST_TIME_ZONE, functionEnvironment: Record<string, string> = {}): Promise<Emulators> {
    if (!existsSync(BIN)) {
      throw new Error(`the emulators are not installed, expected them in ${BIN}: run 'node tools/setup.mjs emulators'`);
    }
    const [aws, pinpoint, faults] = await freePorts(3);
    const directory = mkdtempSync(join(tmpdir(), 'cdk-pinpoint-event-stream-'));
    const emulators = new Emulators(directory, url(aws), url(pinpoint), url(faults));
    emulators.supervise({ aws, pinpoint, faults }, timeZone, functionEnvironment);
    try {
      await Promise.all([
        emulators.answers(`${emulators.awsUrl}/_ministack/ready`),
        emulators.answers(`${emulators.pinpointUrl}/moto-api/data.json`),
        emulators.answers(`${emulators.faultsUrl}/_microburst/health`),
      ]);
      // The first call takes seconds, since the proxy then loads its models of the services.
      await fetch(`${emulators.faultsUrl}/v1/apps`, { headers: { authorization: PINPOINT_AUTHORIZATION } });
      return emulators;
    } catch (error) {
      await emulators.stop();
      throw error;
    }
  }

  /** To the emulated AWS; the application's own API is reached by `pinpoint`. */
  public readonly athena: AthenaClient;
  public readonly cloudFormation: CloudFormationClient;
  public readonly firehose: FirehoseClient;
  public readonly glue: GlueClient;
  public readonly iam: IAMClient;
  public readonly kinesis: KinesisClient;
  public readonly kms: KMSClient;
  public readonly lambda: LambdaClient;
  public readonly logs: CloudWatchLogsClient;
  public readonly s3: S3Client;
  public readonly sts: STSClient;
  /** To Amazon Pinpoint, past the fault proxy. */
  public readonly pinpoint: PinpointClient;

  private supervisor?: ReturnType<typeof spawn>;

  private constructor(
    readonly directory: string,
    readonly awsUrl: string,
    readonly pinpointUrl: string,
    readonly faultsUrl: string,
  ) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const config = { endpoint: awsUrl, region: REGION, credentials };
    this.athena = new AthenaClient(config);
    this.cloudFormation = new CloudFormationClient(config);
    this.firehose = new FirehoseClient(config);
    this.glue = new GlueClient(config);
    this.iam = new IAMClient(config);
    // Over HTTP/1.1: the emulator does not speak the HTTP/2 that this client prefers.
    this.kinesis = new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
    this.kms = new KMSClient(config);
    this.lambda = new LambdaClient(config);
    this.logs = new CloudWatchLogsClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.sts = new STSClient(config);
    this.pinpoint = new PinpointClient({ ...config, endpoint: pinpointUrl });
  }

  /** What the CDK CLI, the AWS CLI and SDKs need in their environment to call these emulators. */
  public get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.awsUrl,
      AWS_ENDPOINT_URL_S3: this.awsUrl,
      AWS_ENDPOINT_URL_PINPOINT: this.pinpointUrl,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    };
  }

  /**
   * Lets them run on when this process ends.
   *
   * @returns the process to send SIGTERM to, to stop them
   */
  public async keep(): Promise<number> {
    await new Promise<void>((resolve) => this.supervisor!.stdin!.end('keep', resolve));
    return this.supervisor!.pid!;
  }

  public async createApplication(name: string): Promise<string> {
    const { ApplicationResponse } = await this.pinpoint.send(new CreateAppCommand({ CreateApplicationRequest: { Name: name } }));
    return ApplicationResponse!.Id!;
  }

  public async deleteApplication(applicationId: string): Promise<void> {
    await this.pinpoint.send(new DeleteAppCommand({ ApplicationId: applicationId }));
  }

  /** The event stream as Amazon Pinpoint reports it; undefined where the application has none. */
  public async eventStream(applicationId: string): Promise<EventStream | undefined> {
    try {
      return (await this.pinpoint.send(new GetEventStreamCommand({ ApplicationId: applicationId }))).EventStream;
    } catch (error) {
      if (error instanceof NotFoundException) {
        return undefined;
      }
      throw error;
    }
  }

  /** Sets the event stream behind the back of whoever manages it. */
  public async setEventStream(applicationId: string, destinationArn: string, roleArn: string): Promise<void> {
    await this.pinpoint.send(new PutEventStreamCommand({
      ApplicationId: applicationId,
      WriteEventStream: { DestinationStreamArn: destinationArn, RoleArn: roleArn },
    }));
  }

  /** Removes the event stream behind the back of whoever manages it. */
  public async removeEventStream(applicationId: string): Promise<void> {
    await this.pinpoint.send(new DeleteEventStreamCommand({ ApplicationId: applicationId }));
  }

  /** Lets calls fail from now on; returns what tells how often the fault has struck. */
  public async addFault({ operation, accessKeyId, stackName, times, fault }: FaultRule): Promise<() => Promise<number>> {
    const rules = `${this.faultsUrl}/_microburst/rules`;
    const response = await fetch(rules, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{
        service: 'pinpoint',
        operation,
        headers: accessKeyId && { authorization: `Credential=${accessKeyId}/` },
        body: stackName && `contains(RoleArn, 'role/${stackName}-')`,
        times,
        ...fault,
      }]),
    });
    if (!response.ok) {
      throw new Error(`the fault proxy refused the rule: HTTP ${response.status} ${await response.text()}`);
    }
    const [{ id: added }] = await response.json() as { id: number }[];
    return async () => {
      const found = await (await fetch(rules)).json() as { id: number; fired_count: number }[];
      return found.find(({ id }) => id === added)!.fired_count;
    };
  }

  /** How many calls to Amazon Pinpoint the Lambda function has sent so far. */
  public async callsToPinpoint(): Promise<number> {
    const response = await fetch(`${this.faultsUrl}/_microburst/stats`);
    return (await response.json() as { requests: { total: number } }).requests.total;
  }

  /** Stops all three, and deletes what they wrote. */
  public async stop(): Promise<void> {
    const supervisor = this.supervisor!;
    if (supervisor.exitCode === null) {
      supervisor.ref();
      const ended = new Promise((resolve) => supervisor.once('exit', resolve));
      supervisor.kill('SIGTERM');
      await ended;
    }
  }

  private supervise(ports: { aws: number; pinpoint: number; faults: number }, timeZone: string, functionEnvironment: Record<string, string>): void {
    const temporary = join(this.directory, 'tmp');
    mkdirSync(temporary);
    const env = { PATH: process.env.PATH, HOME: this.directory, TMPDIR: temporary, TZ: timeZone, MOTO_ACCOUNT_ID: ACCOUNT };
    const commands = {
      ministack: {
        command: join(BIN, 'python'),
        args: [join(__dirname, 'aws.py')],
        env: {
          ...env,
          GATEWAY_PORT: String(ports.aws),
          BIND_HOST: '127.0.0.1',
          MINISTACK_HOST: '127.0.0.1',
          STATE_DIR: join(this.directory, 'state'),
          SFTP_ENABLED: '0',
          IOT_MTLS_ENABLED: '0',
          // The Lambda functions inherit this, so the deployed template is the one that users deploy.
          AWS_ENDPOINT_URL_PINPOINT: this.faultsUrl,
          ...functionEnvironment,
        },
      },
      moto: { command: join(BIN, 'moto_server'), args: ['-H', '127.0.0.1', '-p', String(ports.pinpoint)], env },
      microburst: {
        command: join(BIN, 'python'),
        args: [join(__dirname, 'fault_proxy.py'), '--upstream', this.pinpointUrl, '--port', String(ports.faults)],
        env,
      },
    };
    const config = join(this.directory, 'supervise.json');
    writeFileSync(config, JSON.stringify({ directory: this.directory, commands }));
    this.supervisor = spawn(process.execPath, [join(__dirname, 'supervise.mjs'), config], {
      // A group of its own: an interrupt at the terminal ends this process, and that ends the supervisor.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.supervisor.unref();
    (this.supervisor.stdin as Socket).unref();
  }

  /** Waits until there is an answer at the URL. */
  private async answers(address: string): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        if ((await fetch(address)).ok) {
          return;
        }
      } catch {
        // Nobody listens there yet.
      }
      if (Date.now() > deadline) {
        throw new Error(`no answer from ${address} for ${START_TIMEOUT_MS / 1_000} s; the logs say:\n${this.lastLines()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private lastLines(): string {
    return ['ministack', 'moto', 'microburst']
      .map((name) => `${name}: ${readFileSync(join(this.directory, `${name}.log`), 'utf8').slice(-2_000)}`)
      .join('\n');
  }
}

/**
 * Makes every event stream look an hour old.
 *
 * Deployments follow each other within seconds here; with an event stream that
 * young, a new resource could be a repeated delivery of the former one's Create.
 */
const PAST_TIME_ZONE = 'Etc/GMT+1';

function url(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Below the ports that Linux and macOS give to connections and to whoever asks for any: none is given away between the look at it and its use. */
const FIRST_PORT = 20_000;
const PORTS_PER_WORKER = 400;
const WORKERS = 30;

/** Ports that nobody listens on now. Each worker of jest has its own, and begins anywhere in their first half: another jest may be running. */
async function freePorts(count: number): Promise<number[]> {
  const worker = Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS;
  const ports: number[] = [];
  for (let port = FIRST_PORT + Math.floor((worker + Math.random() / 2) * PORTS_PER_WORKER); ports.length < count; port++) {
    if (await isFree(port)) {
      ports.push(port);
    }
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
