import { AsyncLocalStorage } from 'async_hooks';
import { Action, Application, APPLICATIONS, EventStreamSpec, StackName } from './actions';
import { unmetPostconditions } from './postconditions';
import { EventStreamProperties, functionTimeoutSeconds, PROPAGATION_TIMEOUT_VARIABLE, serviceTimeoutSeconds } from '../../src/provider/custom-resource';
import { Handler, newHandler } from '../../src/provider/handler';
import type { Clock } from '../../src/provider/handler/clock';
import { isOwn, Setting } from '../../src/provider/handler/decision';
import type { CustomResourceRequest } from '../../src/provider/handler/request';
import { ContractStack, StackStatus, Template } from '../cloudformation/cloudformation';
import type { ResponseEndpoint } from '../cloudformation/response-endpoint';
import { VirtualTime } from '../cloudformation/time';
import { Call, FakePinpoint, networkError, serviceError } from '../provider/handler/fake-pinpoint';

const PROPAGATION_TIMEOUT_SECONDS = 120;
const FUNCTION_TIMEOUT_MS = functionTimeoutSeconds(PROPAGATION_TIMEOUT_SECONDS) * 1_000;
/** Longer than any function runs that was begun before, a second delivery included. */
const UNTIL_ALL_HAVE_ENDED_MS = 2 * FUNCTION_TIMEOUT_MS;

type ActionThat<Does extends Action['do']> = Extract<Action, { do: Does }>;
type Fault = Omit<ActionThat<'calls fail'>, 'do' | 'times'> & { times: number };

/** One run of the function. */
interface Invocation {
  readonly request: CustomResourceRequest;
  readonly deadline: number;
}

/**
 * Two stacks, two applications and strangers, with CloudFormation and Pinpoint as models, and the handler as it is.
 *
 * It performs actions, and collects what may never happen and did.
 */
export class World {
  public readonly violations: string[] = [];

  private readonly time = new VirtualTime('2026-11-24T12:00:00Z');
  private readonly invocations = new AsyncLocalStorage<Invocation>();
  private readonly running = new Set<Invocation>();
  /** The execution environments of the function that have nothing to do, the last used one last. */
  private idle: Handler[] = [];
  /** The environment that answered each request; a second delivery comes to the same one, which Lambda does not promise. */
  private readonly answeredBy = new Map<string, Handler>();
  private readonly stacks: Readonly<Record<StackName, ContractStack>>;
  private readonly missing = new Set<string>();
  private faults: Fault[] = [];
  /** What strangers do during the next operation of a stack. */
  private scheduled: { readonly applicationId: string; readonly secondsLater: number; act(): void }[] = [];
  private deliveredAgainAfter?: number;
  /** The applications of which nothing can be said after the running operation. */
  private disturbed = new Set<string>();

  constructor(
    private readonly pinpoint: FakePinpoint,
    private readonly endpoint: ResponseEndpoint,
    private readonly newFunction: (clock: Clock) => Handler = newHandler,
  ) {
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(PROPAGATION_TIMEOUT_SECONDS);
    endpoint.reset();
    pinpoint.reset();
    pinpoint.now = () => new Date(this.time.now());
    pinpoint.intercept = (call, effect) => this.answer(call, effect);
    const cloudFormation = {
      endpoint,
      time: this.time,
      serviceTimeout: serviceTimeoutSeconds(PROPAGATION_TIMEOUT_SECONDS) * 1_000,
      invoke: (request: CustomResourceRequest) => this.deliver(request),
    };
    this.stacks = { Ours: new ContractStack(cloudFormation, 'Ours'), Theirs: new ContractStack(cloudFormation, 'Theirs') };
  }

  /** Performs the actions, then lets a person repair what is broken, and go on. */
  public async play(actions: readonly Action[], atTheEnd: 'deploys' | 'deletes'): Promise<void> {
    await this.time.run(async () => {
      for (const action of actions) {
        await this.perform(action);
      }
      await this.perform({ do: 'repair' });
      this.scheduled = [];
      for (const name of ['Ours', 'Theirs'] as const) {
        if (atTheEnd === 'deploys') {
          await this.mustDeploy(name);
        }
        await this.mustDelete(name);
      }
    });
    this.violations.push(...this.endpoint.violations);
  }

  private async perform(action: Action): Promise<void> {
    switch (action.do) {
      case 'deploy':
        return this.deploy(action);
      case 'delete the stack':
        return this.delete(this.stacks[action.stack]);
      case 'continue the rollback':
        return this.continueRollback(this.stacks[action.stack]);
      case 'a stranger sets':
        return this.byStranger(action, { ...strangersSetting(action.setting) });
      case 'a stranger deletes':
        return this.byStranger(action, undefined);
      case 'the application is deleted':
        this.missing.add(APPLICATIONS[action.application]);
        this.pinpoint.eventStreams.delete(APPLICATIONS[action.application]);
        return;
      case 'calls fail':
        this.faults.push({ ...action, times: action.times ?? Infinity });
        return;
      case 'repair':
        this.faults = [];
    }
  }

  private byStranger({ application, secondsLater }: ActionThat<'a stranger sets' | 'a stranger deletes'>, setting: Setting | undefined): void {
    const applicationId = APPLICATIONS[application];
    const act = () => {
      if (setting && !this.missing.has(applicationId)) {
        const LastModifiedDate = this.pinpoint.now().toISOString();
        this.pinpoint.eventStreams.set(applicationId, { ApplicationId: applicationId, ...setting, LastModifiedDate });
      } else {
        this.pinpoint.eventStreams.delete(applicationId);
      }
    };
    if (secondsLater === undefined) {
      act();
    } else {
      this.scheduled.push({ applicationId, secondsLater, act });
    }
  }

  private async deploy({ stack: name, template, others, deliveredAgainAfter }: ActionThat<'deploy'>): Promise<void> {
    const stack = this.stacks[name];
    const target = templateOf(name, template);
    if (!isDeployable(stack, target)) {
      return;
    }
    if (stack.status === 'ROLLBACK_COMPLETE') {
      // The CDK CLI does so before it deploys again.
      await stack.delete();
    }
    this.deliveredAgainAfter = deliveredAgainAfter;
    await this.observe(stack, target, () => stack.deploy(target, {
      ...others,
      cancelledAfter: others.cancelledAfter === undefined ? undefined : others.cancelledAfter * 1_000,
      takeLonger: (others.takeLonger ?? 0) * 1_000,
    }));
    this.deliveredAgainAfter = undefined;
  }

  private async delete(stack: ContractStack): Promise<void> {
    if (stack.status !== undefined) {
      await this.observe(stack, {}, () => stack.delete());
    }
  }

  private async continueRollback(stack: ContractStack): Promise<void> {
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
      await this.observe(stack, stack.template, () => stack.continueUpdateRollback());
    }
  }

  /** Lets a stack do something, and strangers what they were to do, and looks at what came of it when all functions have ended. */
  private async observe(stack: ContractStack, target: Template, operation: () => Promise<StackStatus>): Promise<void> {
    const before = { template: stack.template, settings: new Map(this.pinpoint.eventStreams) as Map<string, any> };
    const goesOn = stack.status === 'UPDATE_ROLLBACK_FAILED';
    const [firstExchange, firstOrphan] = [stack.exchanges.length, stack.orphans.length];
    this.disturbed = new Set();
    for (const { applicationId, secondsLater, act } of this.scheduled.splice(0)) {
      this.disturbed.add(applicationId);
      void this.time.run(async () => {
        await this.time.sleep(secondsLater * 1_000);
        act();
      });
    }

    const status = await operation();
    await this.time.sleep(UNTIL_ALL_HAVE_ENDED_MS);

    stack.orphans.slice(firstOrphan).forEach(({ ApplicationId }) => this.disturbed.add(ApplicationId));
    if (this.running.size > 0) {
      this.violations.push('a function runs longer than it can');
    }
    if (goesOn) {
      // Which of the two settings it was left with, CloudFormation does not know.
      return;
    }
    const requests = stack.exchanges.slice(firstExchange).map(({ request }) => request).filter(({ RequestType }) => RequestType !== 'Delete');
    this.violations.push(...unmetPostconditions({
      status,
      before,
      target,
      after: { settings: this.pinpoint.eventStreams as Map<string, any> },
      requested: new Set(requests.map(({ LogicalResourceId }) => LogicalResourceId)),
      disturbed: this.disturbed,
    }));
  }

  /** A repair and a deployment get every stack on. */
  private async mustDeploy(name: StackName): Promise<void> {
    const stack = this.stacks[name];
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
      // A stranger's event stream may be what refused the rollback.
      this.pinpoint.eventStreams.clear();
      await this.continueRollback(stack);
    }
    const application = (Object.keys(APPLICATIONS) as Application[]).find((candidate) => !this.missing.has(APPLICATIONS[candidate]));
    if (application === undefined || stack.status === undefined || stack.status.startsWith('DELETE') || stack.status.endsWith('FAILED')) {
      return;
    }
    const target = { First: { application, destination: 'D1', role: 'created', replaceExisting: true } } as const;
    await this.deploy({ do: 'deploy', stack: name, template: target, others: {} });
    if (!stack.status.match(/^(CREATE|UPDATE)_COMPLETE$/)) {
      this.violations.push(`${name} cannot be deployed any more: ${stack.status}, ${stack.exchanges.at(-1)?.answer?.Reason}`);
    }
  }

  /** A repair and a deletion get every stack out of the way. */
  private async mustDelete(name: StackName): Promise<void> {
    const stack = this.stacks[name];
    await this.delete(stack);
    if (stack.status !== undefined && stack.status !== 'DELETE_COMPLETE') {
      this.violations.push(`${name} cannot be deleted any more: ${stack.exchanges.at(-1)?.answer?.Reason}`);
    }
  }

  private deliver(request: CustomResourceRequest): void {
    const again = this.deliveredAgainAfter;
    this.invoke(request);
    if (again !== undefined) {
      void this.time.run(async () => {
        await this.time.sleep(again * 1_000);
        this.invoke(request);
      });
    }
  }

  /** Runs the function, as Lambda does. */
  private invoke(request: CustomResourceRequest): void {
    const invocation = { request, deadline: this.time.now() + FUNCTION_TIMEOUT_MS };
    const context = { getRemainingTimeInMillis: () => invocation.deadline - this.time.now() };
    this.running.add(invocation);
    const environment = this.answeredBy.get(request.RequestId) ?? this.idle.at(-1) ?? this.newFunction(this.time);
    this.idle = this.idle.filter((other) => other !== environment);
    void this.time.run(() => this.invocations.run(invocation, async () => {
      await environment(request, context).catch((error: Error) => this.violations.push(error.message));
      this.running.delete(invocation);
      this.answeredBy.set(request.RequestId, environment);
      this.idle.push(environment);
      this.examine(invocation);
    }));
  }

  /** What must hold of each function that has ended. */
  private examine({ request, deadline }: Invocation): void {
    const answers = this.endpoint.answers.filter(({ RequestId }) => RequestId === request.RequestId);
    const deliveries = this.deliveredAgainAfter === undefined ? 1 : 2;
    if (answers.length < 1 || answers.length > deliveries) {
      this.violations.push(`${answers.length} answers to one ${request.RequestType}`);
    }
    if (this.time.now() > deadline) {
      this.violations.push(`an answer to ${request.RequestType} after the function's timeout`);
    }
    const sameApplication = request.RequestType === 'Update' && request.PhysicalResourceId === request.ResourceProperties.ApplicationId;
    for (const { Status, PhysicalResourceId } of answers) {
      if (request.RequestType !== 'Create' && (sameApplication || Status === 'FAILED') && PhysicalResourceId !== request.PhysicalResourceId) {
        this.violations.push(`${request.RequestType} changes the physical ID from ${request.PhysicalResourceId} to ${PhysicalResourceId}`);
      }
    }
  }

  /** Amazon Pinpoint's answer to a call of a function, as IAM, the application and the faults let it be. */
  private answer<T>(call: Call, effect: () => T): T | Promise<T> {
    const invocation = this.invocations.getStore()!;
    if (!this.isPermitted(invocation.request, call)) {
      throw serviceError(403, 'ForbiddenException');
    }
    if (this.missing.has(call.applicationId)) {
      throw serviceError(404, 'NotFoundException');
    }
    const take = () => {
      this.watch(invocation.request, call);
      return effect();
    };
    const fault = this.faults.find(({ operation, application, times }) =>
      operation === call.operation && APPLICATIONS[application] === call.applicationId && times > 0);
    if (!fault) {
      return take();
    }
    fault.times--;
    const { failure } = fault;
    if (cleansUpOtherApplication(invocation.request, call)) {
      // A rollback does not fail over that, and may leave something behind.
      this.disturbed.add(call.applicationId);
    }
    if ('status' in failure) {
      throw serviceError(failure.status);
    }
    if ('took' in failure && failure.took === 'effect') {
      take();
    }
    switch (failure.error) {
      case 'the function dies':
        this.running.delete(invocation);
        return this.time.die();
      case 'status 500':
        throw serviceError(500);
      case 'no answer':
        throw networkError('ECONNRESET');
      case 'ENOTFOUND':
        // A deletion takes it that the service is gone.
        this.disturbed.add(call.applicationId);
        throw networkError(failure.error);
      case 'EAI_AGAIN':
        throw networkError(failure.error);
    }
  }

  /** The function may do what the policies of its event streams allow; they come with a resource and go after its deletion. */
  private isPermitted({ StackId }: CustomResourceRequest, { operation, applicationId, setting }: Call): boolean {
    const { permitted } = Object.values(this.stacks).find(({ id }) => id === StackId)!;
    return permitted.some(({ ApplicationId, RoleArn }) =>
      ApplicationId === applicationId && (operation !== 'PutEventStream' || RoleArn === setting!.RoleArn));
  }

  /** Sees to it that no call that takes effect takes over or deletes what is another's. */
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

/** Whether a call belongs to the rollback of a failed change of application, on the application that it was changed to. */
function cleansUpOtherApplication(request: CustomResourceRequest, { applicationId }: Call): boolean {
  return request.RequestType === 'Update' && request.PhysicalResourceId === request.ResourceProperties.ApplicationId
    && applicationId !== request.PhysicalResourceId;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;

function strangersSetting(name: string): Setting {
  return { DestinationStreamArn: arn('kinesis', `stream/${name}`), RoleArn: arn('iam', `role/${name}`) };
}

function templateOf(stack: StackName, specs: Readonly<Record<string, EventStreamSpec | undefined>>): Template {
  const toProperties = (logicalId: string, { application, destination, role, replaceExisting }: EventStreamSpec): EventStreamProperties => ({
    ApplicationId: APPLICATIONS[application],
    DestinationStreamArn: arn('kinesis', `stream/${destination}`),
    RoleArn: arn('iam', `role/${stack}${role === 'created' ? `-${logicalId}-${application}-${destination}` : ''}`),
    ReplaceExisting: String(replaceExisting),
  });
  return Object.fromEntries(Object.entries(specs).flatMap(([id, spec]) => (spec ? [[id, toProperties(id, spec)]] : [])));
}

/**
 * Whether CloudFormation takes the template in the stack's state, and the library's documentation does not advise against it.
 */
function isDeployable(stack: ContractStack, target: Template): boolean {
  if (stack.status?.endsWith('_FAILED')) {
    return false;
  }
  const applications = Object.values(target).map(({ ApplicationId }) => ApplicationId);
  // Refused at synthesis.
  const twice = new Set(applications).size < applications.length;
  // Needs RETAIN first: the deletion of the one would find its very own setting, and delete that of the other.
  const renamedAlike = Object.entries(target).some(([id, properties]) => Object.entries(stack.template).some(([otherId, other]) =>
    id !== otherId && properties.ApplicationId === other.ApplicationId && isOwn(properties, other)));
  return !twice && !renamedAlike;
}
