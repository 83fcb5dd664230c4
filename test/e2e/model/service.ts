import { Application, APPLICATIONS, CallsFail } from './actions';
import { isOwn } from '../../../src/handler/decision';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { ContractStack } from '../../support/cloudformation/cloudformation';
import { Call, networkError, serviceError } from '../../support/handler/fake-pinpoint';
import type { FakePinpoint } from '../../support/handler/fake-pinpoint';

type Fault = Omit<CallsFail, 'do' | 'times'> & { times: number };

/** Who makes a call. */
export interface Caller {
  readonly request: CustomResourceRequest;
  /** The stack of the request. */
  readonly stack: ContractStack;
  /**
   * Whether nothing reckons with this run of the function any more: Lambda delivered the request after CloudFormation had given it up,
   * or to two environments at the same time, of which the other one has answered it.
   */
  readonly isStray: boolean;
  /** Whether an earlier request for the same resource is still being carried out. */
  readonly isNotAlone: boolean;
  /** Ends the function where it is; never returns. */
  die(): Promise<never>;
}

/**
 * Amazon Pinpoint as it answers the functions: with IAM in front of it, applications that may be missing, and faults.
 *
 * It sees to it that no call that takes effect takes over or deletes what is another's.
 */
export class Service {
  /** What may never happen, and did. */
  public readonly violations: string[] = [];

  /**
   * The applications that nothing can be said about since this was cleared: a function had to take it that the service is gone,
   * or let it be, or a stray one has changed something.
   */
  public readonly uncertain = new Set<string>();

  private readonly missing = new Set<string>();
  private faults: Fault[] = [];

  constructor(private readonly pinpoint: FakePinpoint) {}

  public deleteApplication(application: Application): void {
    this.missing.add(APPLICATIONS[application]);
    this.pinpoint.eventStreams.delete(APPLICATIONS[application]);
  }

  public has(application: Application): boolean {
    return !this.missing.has(APPLICATIONS[application]);
  }

  public addFault({ times = Infinity, ...fault }: CallsFail): void {
    this.faults.push({ ...fault, times });
  }

  public repair(): void {
    this.faults = [];
  }

  /** Answers a call as IAM, the application and the faults let it be. */
  public answer<T>(caller: Caller, call: Call, effect: () => T): T | Promise<T> {
    const { request, stack, die } = caller;
    if (!isPermitted(stack, call)) {
      throw serviceError(403, 'ForbiddenException');
    }
    if (this.missing.has(call.applicationId)) {
      throw serviceError(404, 'NotFoundException');
    }
    const takeEffect = () => {
      this.watch(request, call);
      this.reckon(caller, call);
      return effect();
    };
    const fault = this.faults.find(({ operation, application, times }) =>
      operation === call.operation && APPLICATIONS[application] === call.applicationId && times > 0);
    if (!fault) {
      return takeEffect();
    }
    fault.times--;
    if (cleansUpOtherApplication(request, call)) {
      // A rollback does not fail over that, and may leave something behind.
      this.uncertain.add(call.applicationId);
    }
    const { failure } = fault;
    if ('status' in failure) {
      throw serviceError(failure.status);
    }
    if ('took' in failure && failure.took === 'effect') {
      try {
        takeEffect();
      } catch {
        // The answer is lost, also where it is that there is nothing.
      }
    }
    switch (failure.error) {
      case 'the function dies':
        return die();
      case 'status 500':
        throw serviceError(500);
      case 'no answer':
        throw networkError('ECONNRESET');
      case 'ENOTFOUND':
        if (request.RequestType === 'Delete') {
          // It takes it that the service is gone.
          this.uncertain.add(call.applicationId);
        }
        throw networkError(failure.error);
      case 'EAI_AGAIN':
        throw networkError(failure.error);
    }
  }

  /** Notes the limits that docs/decisions/0004-looking-before-acting.md tells. */
  private reckon({ request, isStray, isNotAlone }: Caller, { operation, applicationId }: Call): void {
    if (operation === 'GetEventStream') {
      return;
    }
    const found = this.pinpoint.eventStreams.get(applicationId);
    const replacesAnothers = request.RequestType === 'Update' && !isOwn(request.OldResourceProperties, found);
    if (isStray || (isNotAlone && replacesAnothers)) {
      this.uncertain.add(applicationId);
    }
  }

  private watch(request: CustomResourceRequest, { operation, applicationId }: Call): void {
    const found = this.pinpoint.eventStreams.get(applicationId);
    const { RequestType, ResourceProperties: properties } = request;
    const claims = RequestType === 'Create' || (RequestType === 'Update' && request.PhysicalResourceId !== applicationId);
    if (operation === 'PutEventStream' && claims && found && !isOwn(properties, found) && properties.ReplaceExisting !== 'true') {
      this.violations.push(`${RequestType} takes over ${found.RoleArn}`);
    }
    const own = RequestType === 'Update' ? request.OldResourceProperties : properties;
    if (operation === 'DeleteEventStream' && (RequestType === 'Create' || (found && !isOwn(own, found)))) {
      this.violations.push(`${RequestType} deletes ${found?.RoleArn}`);
    }
  }
}

/** The function may do what the policies of its event streams allow; they come with a resource, and go after its deletion. */
function isPermitted({ permitted }: ContractStack, { operation, applicationId, setting }: Call): boolean {
  return permitted.some(({ ApplicationId, RoleArn }) =>
    ApplicationId === applicationId && (operation !== 'PutEventStream' || RoleArn === setting!.RoleArn));
}

/** Whether a call belongs to the rollback of a failed change of application, on the application that it was changed to. */
function cleansUpOtherApplication(request: CustomResourceRequest, { applicationId }: Call): boolean {
  return request.RequestType === 'Update' && request.PhysicalResourceId === request.ResourceProperties.ApplicationId
    && applicationId !== request.PhysicalResourceId;
}
