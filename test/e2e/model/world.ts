import { ActionThat, Action, Application, APPLICATIONS, EventStreamSpec, Sequence, StackName } from './actions';
import { Functions } from './functions';
import { unmetPostconditions } from './postconditions';
import { Service } from './service';
import { Handler, newHandler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { isOwn, Setting } from '../../../src/handler/decision';
import { EventStreamProperties, functionTimeoutSeconds, PROPAGATION_TIMEOUT_VARIABLE, serviceTimeoutSeconds } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { ContractStack, StackStatus, Template } from '../../support/cloudformation/cloudformation';
import type { ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { VirtualTime } from '../../support/cloudformation/time';
import type { FakePinpoint } from '../../support/handler/fake-pinpoint';

const PROPAGATION_TIMEOUT_SECONDS = 120;
/** Longer than any function runs that was begun before, a second delivery included. */
const UNTIL_ALL_HAVE_ENDED_MS = 2 * functionTimeoutSeconds(PROPAGATION_TIMEOUT_SECONDS) * 1_000;

/**
 * Two stacks, two applications and strangers, with CloudFormation and Pinpoint as models, and the handler as it is.
 *
 * It performs actions, and collects what may never happen and did.
 */
export class World {
  private readonly time = new VirtualTime('2026-11-24T12:00:00Z');
  private readonly service: Service;
  private readonly functions: Functions;
  private readonly stacks: Readonly<Record<StackName, ContractStack>>;
  private readonly unmet: string[] = [];
  /** What strangers do during the next operation of a stack. */
  private scheduled: { readonly applicationId: string; readonly secondsLater: number; act(): void }[] = [];
  /** The applications where strangers came in between since all functions had ended. */
  private readonly disturbed = new Set<string>();
  private deliveredAgain: ActionThat<'deploy'>['deliveredAgain'];
  /** The answers that there can be to each request. */
  private readonly deliveries = new Map<string, number>();

  constructor(
    private readonly pinpoint: FakePinpoint,
    private readonly endpoint: ResponseEndpoint,
    newFunction: (clock: Clock) => Handler = newHandler,
  ) {
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(PROPAGATION_TIMEOUT_SECONDS);
    endpoint.reset();
    pinpoint.reset();
    pinpoint.now = () => new Date(this.time.now());
    this.service = new Service(pinpoint);
    this.functions = new Functions(this.time, newFunction, PROPAGATION_TIMEOUT_SECONDS, ({ StackId }) =>
      Object.values(this.stacks).find(({ id }) => id === StackId)!);
    pinpoint.intercept = (call, effect) => this.service.answer(this.functions.caller, call, effect);
    const cloudFormation = {
      endpoint,
      time: this.time,
      serviceTimeout: serviceTimeoutSeconds(PROPAGATION_TIMEOUT_SECONDS) * 1_000,
      invoke: (request: CustomResourceRequest) => this.deliver(request),
    };
    this.stacks = { Ours: new ContractStack(cloudFormation, 'Ours'), Theirs: new ContractStack(cloudFormation, 'Theirs') };
  }

  /** What may never happen, and did. */
  public get violations(): string[] {
    return [...this.unmet, ...this.service.violations, ...this.functions.violations, ...this.endpoint.violations];
  }

  /** Performs the actions, then lets a person repair what is broken, and go on. */
  public async play({ actions, atTheEnd }: Sequence): Promise<void> {
    await this.time.run(async () => {
      for (const action of actions) {
        await this.perform(action);
      }
      await this.perform({ do: 'repair' });
      await this.time.sleep(UNTIL_ALL_HAVE_ENDED_MS);
      this.scheduled = [];
      for (const name of ['Ours', 'Theirs'] as const) {
        if (atTheEnd === 'deploys') {
          await this.mustDeploy(name);
        }
        await this.mustDelete(name);
      }
    });
    this.checkAnswers();
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
        return this.byStranger(action, strangersSetting(action.setting));
      case 'a stranger deletes':
        return this.byStranger(action, undefined);
      case 'the application is deleted':
        return this.service.deleteApplication(action.application);
      case 'calls fail':
        return this.service.addFault(action);
      case 'repair':
        return this.service.repair();
    }
  }

  private byStranger({ application, secondsLater }: ActionThat<'a stranger sets' | 'a stranger deletes'>, setting: Setting | undefined): void {
    const applicationId = APPLICATIONS[application];
    const act = () => {
      if (setting && this.service.has(application)) {
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

  private async deploy({ stack: name, template, others, deliveredAgain, faults = [], nextAtOnce }: ActionThat<'deploy'>): Promise<void> {
    const stack = this.stacks[name];
    const target = templateOf(name, template);
    if (!isDeployable(stack, target)) {
      return;
    }
    if (stack.status === 'ROLLBACK_COMPLETE') {
      // The CDK CLI does so before it deploys again.
      await stack.delete();
    }
    this.deliveredAgain = deliveredAgain;
    faults.forEach((fault) => this.service.addFault({ do: 'calls fail', ...fault }));
    await this.observe(stack, target, nextAtOnce, () => stack.deploy(target, {
      ...others,
      cancelledAfter: others.cancelledAfter === undefined ? undefined : others.cancelledAfter * 1_000,
      takeLonger: (others.takeLonger ?? 0) * 1_000,
    }));
    this.deliveredAgain = undefined;
  }

  private async delete(stack: ContractStack): Promise<void> {
    if (stack.status !== undefined) {
      await this.observe(stack, {}, false, () => stack.delete());
    }
  }

  private async continueRollback(stack: ContractStack): Promise<void> {
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
      await this.observe(stack, stack.template, false, () => stack.continueUpdateRollback());
    }
  }

  /** Lets a stack do something, and strangers what they were to do, and looks at what came of it when all functions have ended. */
  private async observe(stack: ContractStack, target: Template, nextAtOnce: boolean, operation: () => Promise<StackStatus>): Promise<void> {
    const former = stack.status;
    const before = { template: stack.template, settings: this.settings() };
    const [firstExchange, firstOrphan] = [stack.exchanges.length, stack.orphans.length];
    for (const { applicationId, secondsLater, act } of this.scheduled.splice(0)) {
      this.disturbed.add(applicationId);
      void this.time.run(async () => {
        await this.time.sleep(secondsLater * 1_000);
        act();
      });
    }

    const status = await operation();
    if (nextAtOnce) {
      // What is left running meets what comes next; what must hold then is looked at after that.
      return;
    }
    await this.time.sleep(UNTIL_ALL_HAVE_ENDED_MS);

    if (this.functions.areRunning) {
      this.unmet.push('a function runs longer than it can');
    }
    const orphaned = stack.orphans.slice(firstOrphan).map(({ ApplicationId }) => ApplicationId);
    const disturbed = new Set([...this.disturbed, ...this.service.uncertain, ...orphaned]);
    this.disturbed.clear();
    this.service.uncertain.clear();
    if (former === 'UPDATE_ROLLBACK_FAILED' && status.startsWith('DELETE')) {
      // Which of the two settings it was left with, CloudFormation does not know.
      return;
    }
    const requests = stack.exchanges.slice(firstExchange).map(({ request }) => request).filter(({ RequestType }) => RequestType !== 'Delete');
    // A rollback that goes on restores what the stack has after it; what the deployment had claimed that it rolls back is its own affair.
    const goesOn = former === 'UPDATE_ROLLBACK_FAILED' && status === 'UPDATE_ROLLBACK_COMPLETE';
    this.unmet.push(...unmetPostconditions({
      status,
      before: goesOn ? { ...before, template: stack.template } : before,
      target: goesOn ? {} : target,
      after: { settings: this.settings() },
      requested: new Set(requests.map(({ LogicalResourceId }) => LogicalResourceId)),
      disturbed,
    }));
  }

  /** A repair and a deployment get every stack on. */
  private async mustDeploy(name: StackName): Promise<void> {
    const stack = this.stacks[name];
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
      await this.mustContinueRollback(name);
    }
    const application = (Object.keys(APPLICATIONS) as Application[]).find((candidate) => this.service.has(candidate));
    if (application === undefined || stack.status === undefined || stack.status.startsWith('DELETE') || stack.status.endsWith('FAILED')) {
      return;
    }
    const template = { First: { application, destination: 'D1', role: 'created', replaceExisting: true } } as const;
    await this.deploy({ do: 'deploy', stack: name, template, others: {}, nextAtOnce: false });
    if (!stack.status.match(/^(CREATE|UPDATE)_COMPLETE$/)) {
      this.unmet.push(`${name} cannot be deployed any more: ${stack.status}, ${stack.exchanges.at(-1)?.answer?.Reason}`);
    }
  }

  /** A person takes another's event stream away where it refuses the rollback; where the application is gone, only a deletion is left. */
  private async mustContinueRollback(name: StackName): Promise<void> {
    const stack = this.stacks[name];
    await this.continueRollback(stack);
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      return;
    }
    const { answer, request: { ResourceProperties: { ApplicationId } } } = stack.exchanges.at(-1)!;
    if (answer?.Reason?.includes('already has an event stream')) {
      this.pinpoint.eventStreams.delete(ApplicationId);
      await this.continueRollback(stack);
    }
    const isGone = (Object.keys(APPLICATIONS) as Application[]).some((candidate) => !this.service.has(candidate));
    if (stack.status === 'UPDATE_ROLLBACK_FAILED' && !isGone) {
      this.unmet.push(`the rollback of ${name} cannot be continued: ${stack.exchanges.at(-1)?.answer?.Reason}`);
    }
  }

  /** A repair and a deletion get every stack out of the way. */
  private async mustDelete(name: StackName): Promise<void> {
    const stack = this.stacks[name];
    await this.delete(stack);
    if (stack.status !== undefined && stack.status !== 'DELETE_COMPLETE') {
      this.unmet.push(`${name} cannot be deleted any more: ${stack.exchanges.at(-1)?.answer?.Reason}`);
    }
  }

  private deliver(request: CustomResourceRequest): void {
    const again = this.deliveredAgain;
    if (again?.which === 'the first') {
      this.deliveredAgain = undefined;
    }
    this.functions.invoke(request);
    this.deliveries.set(request.RequestId, again ? 2 : 1);
    if (again) {
      void this.time.run(async () => {
        await this.time.sleep(again.secondsLater * 1_000);
        this.functions.invoke(request);
      });
    }
  }

  /** No request is answered more often than it was delivered. */
  private checkAnswers(): void {
    const answers = new Map<string, number>();
    this.endpoint.answers.forEach(({ RequestId }) => answers.set(RequestId, (answers.get(RequestId) ?? 0) + 1));
    for (const [requestId, count] of answers) {
      if (count > this.deliveries.get(requestId)!) {
        this.unmet.push(`${count} answers to one request`);
      }
    }
  }

  private settings(): ReadonlyMap<string, Setting> {
    return new Map([...this.pinpoint.eventStreams]
      .map(([applicationId, { DestinationStreamArn, RoleArn }]) => [applicationId, { DestinationStreamArn, RoleArn } as Setting]));
  }
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

/** Whether CloudFormation takes the template in the stack's state, and the library's documentation does not advise against it. */
function isDeployable(stack: ContractStack, target: Template): boolean {
  if (stack.status?.endsWith('_FAILED')) {
    return false;
  }
  const applications = Object.values(target).map(({ ApplicationId }) => ApplicationId);
  // Refused at synthesis.
  const twice = new Set(applications).size < applications.length;
  // A role and a destination that are passed in make two event streams alike: to rename one, or to give one the application
  // of the other, takes more than one deployment, by the documentation.
  const alike = Object.entries(target).some(([id, properties]) => Object.entries(stack.template).some(([otherId, other]) =>
    id !== otherId && properties.ApplicationId === other.ApplicationId && isOwn(properties, other)));
  return !twice && !alike;
}
