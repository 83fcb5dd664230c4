import { LambdaProcessOptions, LambdaRun, runInLambda } from './lambda-process';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { CloudFormation, ContractStack } from '../cloudformation/cloudformation';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';
import { realTime } from '../cloudformation/time';
import { Emulators } from '../emulators/emulators';

/** Longer than any invocation takes that ends by itself. */
const SERVICE_TIMEOUT_MS = 300_000;

/** What an invocation meets, other than all is well. */
export type Conditions = Partial<LambdaProcessOptions>;

export interface PackagedFunctionOptions {
  readonly propagationTimeoutSeconds: number;
  /** How long CloudFormation waits for an answer; long, where this is absent. */
  readonly serviceTimeoutMs?: number;
  /** Called before each invocation, with its number, from 0 on; what it resolves to is what the invocation meets. */
  readonly before?: (request: CustomResourceRequest, number: number) => Promise<Conditions | undefined>;
}

/** The function as the package ships it, with Amazon Pinpoint's emulator behind it, for stacks of the contract driver. */
export class PackagedFunction {
  /** The invocations so far. */
  public readonly runs: Promise<LambdaRun>[] = [];

  private invocations = 0;

  constructor(
    private readonly emulators: Emulators,
    private readonly endpoint: ResponseEndpoint,
    private readonly options: PackagedFunctionOptions,
  ) {}

  public newStack(name: string): ContractStack {
    const cloudFormation: CloudFormation = {
      endpoint: this.endpoint,
      time: realTime,
      serviceTimeout: this.options.serviceTimeoutMs ?? SERVICE_TIMEOUT_MS,
      invoke: (request) => void this.invoke(request),
    };
    return new ContractStack(cloudFormation, name);
  }

  public async invoke(request: CustomResourceRequest): Promise<LambdaRun> {
    const run = this.run(request, this.invocations++);
    this.runs.push(run);
    return run;
  }

  private async run(request: CustomResourceRequest, number: number): Promise<LambdaRun> {
    return runInLambda(request, {
      pinpointUrl: this.emulators.faultsUrl,
      accessKeyId: 'HEALTHY',
      propagationTimeoutSeconds: this.options.propagationTimeoutSeconds,
      ...await this.options.before?.(request, number),
    });
  }
}
