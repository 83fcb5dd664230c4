import { randomUUID } from 'crypto';
import type { ResponseEndpoint } from './response-endpoint';
import type { Time } from './time';
import { EventStreamProperties, RESOURCE_TYPE } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { CustomResourceResponse } from '../../../src/handler/response';

/** The properties of a template's custom resources, by logical ID, in the order in which they depend on each other. */
export type Template = Readonly<Record<string, EventStreamProperties>>;

export type StackStatus =
  | 'CREATE_COMPLETE' | 'ROLLBACK_COMPLETE' | 'ROLLBACK_FAILED'
  | 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_COMPLETE' | 'DELETE_FAILED';

/** What the other resources of the stack do while the custom resources are deployed. */
export interface OtherResources {
  /** One that depends on all of the custom resources fails. */
  readonly laterFails?: boolean;
  /** So many milliseconds after the deployment began, one beside them fails, or a person cancels; CloudFormation waits for nobody then. */
  readonly cancelledAfter?: number;
}

/** A custom resource as CloudFormation knows it. */
interface Instance {
  readonly physicalId: string;
  readonly properties: EventStreamProperties;
  /** Whether its deletion is skipped, by the DeletionPolicy (and UpdateReplacePolicy) of the template that was deployed last with it. */
  readonly retained: boolean;
}

/** What a deployment has done to a custom resource so far. */
interface Change {
  readonly logicalId: string;
  /** Undefined where the resource is new. */
  readonly before?: Instance;
  readonly after: Instance;
}

/** A request, and how it ended for CloudFormation. */
export interface Exchange {
  readonly request: CustomResourceRequest;
  /** Undefined where no answer came in time. */
  answer?: CustomResourceResponse;
}

/** A request without what is the same in each. */
type RequestBody<R = CustomResourceRequest> = R extends unknown ? Omit<R, 'ResponseURL' | 'StackId' | 'RequestId'> : never;

/** CloudFormation tries so often to delete what an update has made obsolete, and leaves it behind then. */
const CLEAN_UP_ATTEMPTS = 3;

/** When the other resources of a stack get their turn; they make the custom resources wait so long. */
export type Turn = 'before a request' | 'after the last request' | 'before the rollback' | 'at the end';

/** The part of CloudFormation that deals with custom resources, by AWS's documentation of it. */
export interface CloudFormation {
  readonly endpoint: Pick<ResponseEndpoint, 'urlFor'>;
  readonly time: Time;
  /** How long it waits for an answer, in milliseconds. */
  readonly serviceTimeout: number;
  /** Invokes the function asynchronously. */
  invoke(request: CustomResourceRequest): void;
  /** Resolves to whether all is well with the other resources; where it is absent, they take no time, and it is. */
  turn?(turn: Turn): Promise<boolean>;
}

/**
 * A stack of custom resources, deployed, rolled back and deleted in the order that AWS documents.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export class ContractStack {
  /** Undefined before the first deployment. */
  public status?: StackStatus;

  /** All requests so far, and their answers. */
  public readonly exchanges: Exchange[] = [];

  /** The properties for which the function has its permissions: they come with a resource, and go after its deletion. */
  public permitted: readonly EventStreamProperties[] = [];

  /** What clean-ups could not delete, and left behind. */
  public readonly orphans: EventStreamProperties[] = [];

  /** Makes CloudFormation give up the request that it waits for, and roll back; absent while it waits for none that can be given up. */
  public cancel?: () => void;

  public readonly id: string;
  private resources = new Map<string, Instance>();
  /** What the rollback that failed has still to roll back. */
  private pending: Change[] = [];
  /** What the running deployment must delete at its end. */
  private obsolete: (Instance & { readonly logicalId: string })[] = [];

  constructor(private readonly cloudFormation: CloudFormation, name: string) {
    this.id = `arn:aws:cloudformation:us-east-1:000000000000:stack/${name}/${randomUUID()}`;
  }

  /** The custom resources that the stack has now. */
  public get template(): Template {
    return Object.fromEntries([...this.resources].map(([logicalId, { properties }]) => [logicalId, properties]));
  }

  /**
   * Creates the stack, or updates it; rolls back what fails.
   *
   * @param retain the resources that have the policy Retain in the template
   */
  public async deploy(template: Template, others: OtherResources = {}, retain: readonly string[] = []): Promise<StackStatus> {
    const creating = this.status === undefined || this.status === 'DELETE_COMPLETE';
    this.permitted = [...this.permitted, ...Object.values(template)];
    const changes: Change[] = [];
    const succeeded = await this.goForward(template, retain, others, changes) && !others.laterFails && await this.turn('after the last request');
    if (!succeeded) {
      await this.turn('before the rollback');
      return creating ? this.rollBackCreation() : this.rollBackUpdate(changes);
    }
    // A policy that has changed alone is part of the stack once the deployment has succeeded, without a request.
    this.resources.forEach((instance, logicalId) => {
      if (logicalId in template) {
        this.resources.set(logicalId, { ...instance, retained: retain.includes(logicalId) });
      }
    });
    this.obsolete.push(
      ...changes.flatMap(({ logicalId, before, after }) => (before && before.physicalId !== after.physicalId ? [{ logicalId, ...before }] : [])),
      ...this.remove((logicalId) => !(logicalId in template)),
    );
    await this.cleanUp();
    return this.end(creating ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
  }

  /** Goes on with a rollback that failed. */
  public async continueUpdateRollback(): Promise<StackStatus> {
    return this.rollBackUpdate(this.pending);
  }

  public async delete(): Promise<StackStatus> {
    return this.end(await this.deleteAll() ? 'DELETE_COMPLETE' : 'DELETE_FAILED');
  }

  private async goForward(
    template: Template, retain: readonly string[], { cancelledAfter = Infinity }: OtherResources, changes: Change[],
  ): Promise<boolean> {
    const cancelledAt = this.cloudFormation.time.now() + cancelledAfter;
    for (const [logicalId, properties] of Object.entries(template)) {
      const before = this.resources.get(logicalId);
      if (before && JSON.stringify(before.properties) === JSON.stringify(properties)) {
        continue;
      }
      await this.turn('before a request');
      const { answer } = await this.request(before
        ? {
          RequestType: 'Update',
          LogicalResourceId: logicalId,
          PhysicalResourceId: before.physicalId,
          ResourceProperties: properties,
          OldResourceProperties: before.properties,
        }
        : { RequestType: 'Create', LogicalResourceId: logicalId, ResourceProperties: properties }, cancelledAt);
      const after = {
        physicalId: answer?.PhysicalResourceId ?? before?.physicalId ?? madeUpId(this.id, logicalId),
        properties,
        retained: retain.includes(logicalId),
      };
      changes.push({ logicalId, before, after });
      this.resources.set(logicalId, after);
      if (answer?.Status !== 'SUCCESS' || this.cloudFormation.time.now() >= cancelledAt) {
        return false;
      }
    }
    return true;
  }

  /** A stack whose creation fails is deleted, resource by resource. */
  private async rollBackCreation(): Promise<StackStatus> {
    return this.end(await this.deleteAll() ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED');
  }

  /** What was updated is updated back, and what was created is deleted in the clean-up. */
  private async rollBackUpdate(changes: Change[]): Promise<StackStatus> {
    for (let change = changes.at(-1); change; change = changes.at(-1)) {
      const { logicalId, before, after } = change;
      if (!before) {
        this.obsolete.push(...this.remove((candidate) => candidate === logicalId));
      } else {
        const { answer } = await this.request({
          RequestType: 'Update',
          LogicalResourceId: logicalId,
          PhysicalResourceId: after.physicalId,
          ResourceProperties: before.properties,
          OldResourceProperties: after.properties,
        });
        if (answer?.Status !== 'SUCCESS') {
          this.pending = changes;
          return this.end('UPDATE_ROLLBACK_FAILED');
        }
        if (answer.PhysicalResourceId !== after.physicalId) {
          this.obsolete.push({ logicalId, ...after });
        }
        this.resources.set(logicalId, { ...before, physicalId: answer.PhysicalResourceId });
      }
      changes.pop();
    }
    await this.cleanUp();
    return this.end('UPDATE_ROLLBACK_COMPLETE');
  }

  private async cleanUp(): Promise<void> {
    for (const { logicalId, ...instance } of this.obsolete.splice(0)) {
      let deleted = false;
      for (let attempt = 0; attempt < CLEAN_UP_ATTEMPTS && !deleted; attempt++) {
        await this.turn('before a request');
        deleted = await this.requestDelete(logicalId, instance);
      }
      if (!deleted) {
        this.orphans.push(instance.properties);
      }
    }
    await this.turn('at the end');
  }

  /** Deletes what it can, the last one first, also where another cannot be deleted. */
  private async deleteAll(): Promise<boolean> {
    for (const [logicalId, instance] of [...this.resources].reverse()) {
      if (await this.requestDelete(logicalId, instance)) {
        this.resources.delete(logicalId);
      }
    }
    await this.turn('at the end');
    return this.resources.size === 0;
  }

  /** @returns whether it is out of the stack */
  private async requestDelete(logicalId: string, { physicalId, properties, retained }: Instance): Promise<boolean> {
    if (retained) {
      return true;
    }
    const { answer } = await this.request({
      RequestType: 'Delete', LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceProperties: properties,
    });
    return answer?.Status === 'SUCCESS';
  }

  /** Takes resources out of the stack. */
  private remove(which: (logicalId: string) => boolean): (Instance & { logicalId: string })[] {
    const removed = [...this.resources].filter(([logicalId]) => which(logicalId));
    removed.forEach(([logicalId]) => this.resources.delete(logicalId));
    return removed.map(([logicalId, instance]) => ({ logicalId, ...instance }));
  }

  private end(status: StackStatus): StackStatus {
    this.status = status;
    if (!status.endsWith('_FAILED')) {
      this.permitted = [...this.resources.values()].map(({ properties }) => properties);
    }
    return status;
  }

  private async turn(turn: Turn): Promise<boolean> {
    return await this.cloudFormation.turn?.(turn) ?? true;
  }

  /**
   * Sends a request, and waits for its answer, for the service timeout, or until the deployment is cancelled.
   *
   * @param cancelledAt when that is; absent where CloudFormation does not give the request up
   */
  private async request(body: RequestBody, cancelledAt?: number): Promise<Exchange> {
    const { endpoint, time, serviceTimeout } = this.cloudFormation;
    const answered = time.signal();
    let taken: CustomResourceResponse | undefined;
    const unsigned = {
      ...withServiceToken(body),
      StackId: this.id,
      RequestId: randomUUID(),
      ResourceType: RESOURCE_TYPE,
    };
    const request: CustomResourceRequest = {
      ...unsigned,
      ResponseURL: endpoint.urlFor(unsigned, new Date(time.now()), (answer) => {
        taken = answer;
        answered.fire();
      }),
    };
    const exchange: Exchange = { request };
    this.exchanges.push(exchange);
    if (cancelledAt !== undefined) {
      this.cancel = () => answered.fire();
    }
    this.cloudFormation.invoke(request);
    await answered.wait(Math.min(serviceTimeout, (cancelledAt ?? Infinity) - time.now()));
    this.cancel = undefined;
    // What is answered later is answered in vain.
    exchange.answer = taken;
    return exchange;
  }
}

/** CloudFormation sends the properties of the template as they are, with the function's ARN among them. */
function withServiceToken<R extends RequestBody>(body: R): R {
  const ServiceToken = 'arn:aws:lambda:us-east-1:000000000000:function:Provider';
  return {
    ...body,
    ResourceProperties: { ServiceToken, ...body.ResourceProperties },
    ...'OldResourceProperties' in body && { OldResourceProperties: { ServiceToken, ...body.OldResourceProperties } },
  };
}

/** The physical ID that CloudFormation gives a resource whose Create never answered. */
function madeUpId(stackId: string, logicalId: string): string {
  return `${stackId.split('/')[1]}-${logicalId}-${randomUUID().slice(0, 12).toUpperCase()}`;
}
