import { mkdtempSync } from 'fs';
import { join } from 'path';
import {
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  StackEvent,
} from '@aws-sdk/client-cloudformation';
import { App, Stack } from 'aws-cdk-lib';
import { cdk, CdkResult, requireSuccess } from './cdk';
import { Emulators } from './emulators';

// It would warn, at each synthesis, of a mapping that the CDK's own DeliveryStream brings and does not use.
process.env.CDK_VALIDATION = 'false';

/** A stack that is deployed again and again, as its source changes from one `build` to the next. */
export class TestStack {
  /** The cloud assembly that was deployed last. */
  private assembly?: string;

  constructor(private readonly emulators: Emulators, readonly name: string) {}

  /** Deploys with the CDK CLI what `build` puts into the stack; throws where that fails. */
  public async deploy(build: (stack: Stack) => void): Promise<void> {
    await this.deployAssembly(this.synthesize(build));
  }

  /** The cloud assembly of what `build` puts into the stack, for `deployAssembly()`. */
  public synthesize(build: (stack: Stack) => void): string {
    const outdir = mkdtempSync(join(this.emulators.directory, 'cdk.out-'));
    const app = new App({ outdir });
    build(new Stack(app, this.name));
    app.synth();
    return outdir;
  }

  /** Deploys a cloud assembly that exists already; throws where that fails. */
  public async deployAssembly(assembly: string): Promise<void> {
    requireSuccess(await this.tryDeploy(assembly));
  }

  /** Deploys as well, for a deployment that must fail: returns what the CDK CLI prints, and throws where it succeeds. */
  public async failToDeploy(build: (stack: Stack) => void): Promise<string> {
    const { status, output } = await this.tryDeploy(this.synthesize(build));
    if (status === 0) {
      throw new Error(`the deployment of ${this.name} succeeded, expected it to fail:\n${output}`);
    }
    return output;
  }

  public async destroy(): Promise<void> {
    requireSuccess(await cdk(this.emulators, ['destroy', this.name, '--app', this.assembly!, '--force']));
  }

  /** The stack's status; undefined where there is no such stack. */
  public async status(): Promise<string | undefined> {
    try {
      const { Stacks } = await this.emulators.cloudFormation.send(new DescribeStacksCommand({ StackName: this.name }));
      return Stacks![0].StackStatus;
    } catch {
      return undefined;
    }
  }

  /** Oldest first. */
  public async events(): Promise<StackEvent[]> {
    const { StackEvents } = await this.emulators.cloudFormation.send(new DescribeStackEventsCommand({ StackName: this.name }));
    return StackEvents!.reverse();
  }

  /** The physical IDs of the resources whose type and logical ID match. */
  public async physicalIds(type: string, logicalId: RegExp = /^/): Promise<string[]> {
    const { StackResources } = await this.emulators.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: this.name }));
    return StackResources!
      .filter(({ ResourceType, LogicalResourceId }) => ResourceType === type && logicalId.test(LogicalResourceId!))
      .map(({ PhysicalResourceId }) => PhysicalResourceId!);
  }

  private async tryDeploy(assembly: string): Promise<CdkResult> {
    this.assembly = assembly;
    return cdk(this.emulators, [
      'deploy', this.name, '--app', assembly, '--require-approval', 'never', '--method', 'direct', '--progress', 'events',
    ]);
  }
}
