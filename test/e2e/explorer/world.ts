import { SCRIPTS, TemplateSpec } from './families';
import { Functions } from './functions';
import type { Run } from './run';
import { APPLICATIONS, describe, PASSED_IN, Service, STRANGERS } from './service';
import type { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { hasSetting } from '../../../src/handler/event-stream';
import { DEFAULT_PROPAGATION_TIMEOUT_SECONDS, PROPAGATION_TIMEOUT_VARIABLE, serviceTimeoutSeconds } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { ContractStack, StackStatus, Template, Turn } from '../../support/cloudformation/cloudformation';

/** Longer than anything is under way that was begun before. */
const UNTIL_SETTLED_MS = 30 * 60_000;

/** A stack, its function, Amazon Pinpoint and others, for one run. */
export class World {
  public readonly functions: Functions;
  private readonly service: Service;
  private readonly stack: ContractStack;
  /** When the last deployment or deletion began, and where a stranger's event stream was then. */
  private before: { readonly beganAt: number; readonly strangersAt: readonly string[] } = { beganAt: 0, strangersAt: [] };

  constructor(readonly run: Run, newFunction: (clock: Clock) => Handler) {
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(DEFAULT_PROPAGATION_TIMEOUT_SECONDS);
    this.functions = new Functions(run, newFunction);
    this.stack = new ContractStack({
      endpoint: this.functions,
      time: run.time,
      serviceTimeout: serviceTimeoutSeconds(DEFAULT_PROPAGATION_TIMEOUT_SECONDS) * 1_000,
      invoke: (request) => this.invoke(request),
      turn: (turn) => this.otherResources(turn),
    }, 'Stack');
    this.service = new Service(run, this.stack);
  }

  /** Deploys the templates of the script, lets a person go on where that is needed, and deletes the stack. */
  public async play(): Promise<void> {
    const { run, stack, service } = this;
    const { strangersAt, setByHand } = run.setup;
    const [first, second] = SCRIPTS[run.script];
    if (strangersAt) {
      service.write(APPLICATIONS[strangersAt], STRANGERS, 'a stranger');
      await run.time.sleep(UNTIL_SETTLED_MS);
    }
    for (const template of SCRIPTS[run.script]) {
      if (stack.status?.endsWith('ROLLBACK_FAILED')) {
        break;
      }
      const isByHandNext = setByHand && template === first;
      run.isOrdinary = Boolean(isByHandNext);
      await this.deploy(this.templateOf(template));
      if (isByHandNext) {
        const { L: wanted } = this.templateOf(second);
        service.write(wanted.ApplicationId, wanted, 'a person');
        await run.time.sleep(UNTIL_SETTLED_MS);
      }
    }
    await run.time.sleep(UNTIL_SETTLED_MS);
    this.expectSettled();

    run.isOrdinary = true;
    service.roles.forEach((_, role) => service.roles.set(role, 0));
    await this.goOn();
  }

  private async deploy(template: Template): Promise<void> {
    const { run, service, stack } = this;
    if (stack.status === 'ROLLBACK_COMPLETE') {
      // The CDK CLI does so before it deploys again.
      await stack.delete();
    }
    this.begin();
    const delay = run.choose('a new role', run.setup.rolesTake ?? 0, {
      role: { 'is visible after 6 s': 6_000, 'is visible after 70 s': 70_000, 'is never visible': Infinity },
    });
    Object.values(template)
      .filter(({ RoleArn }) => RoleArn !== PASSED_IN && !service.hasRole(RoleArn))
      .forEach(({ RoleArn }) => service.roles.set(RoleArn, run.time.now() + delay));
    await this.settle(await stack.deploy(template));
  }

  /** A person continues a rollback that has failed, takes a stranger's event stream away if that is what refuses it, and deletes the stack. */
  private async goOn(): Promise<void> {
    const { run, service, stack } = this;
    const continueRollback = async () => stack.status === 'UPDATE_ROLLBACK_FAILED' && this.settle(await stack.continueUpdateRollback());
    await continueRollback();
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
      [...service.eventStreams].filter(([, held]) => hasSetting(held, STRANGERS))
        .forEach(([applicationId]) => service.intervene(applicationId, undefined, 'a person'));
    }
    await continueRollback();
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED' && stack.status !== 'ROLLBACK_COMPLETE') {
      this.begin();
      await this.settle(await stack.delete());
    }
    if (stack.status!.endsWith('_FAILED')) {
      run.violate('the stack is stuck', stack.status!);
    }
  }

  private begin(): void {
    const strangersAt = [...this.service.eventStreams].flatMap(([applicationId, held]) => (hasSetting(held, STRANGERS) ? [applicationId] : []));
    this.before = { beganAt: this.run.time.now(), strangersAt };
  }

  /** Waits after an operation of the stack, as a rule until nothing is under way any more. */
  private async settle(status: StackStatus): Promise<void> {
    const { run, service } = this;
    run.note(`the stack is in ${status}`);
    service.checkRoles();
    const gap = run.choose('the next deployment', UNTIL_SETTLED_MS, { 'next at once': { 'follows 5 s later': 5_000 } });
    await run.time.sleep(gap);
    if (gap === UNTIL_SETTLED_MS) {
      this.expectSettled();
    }
  }

  /** What must hold when nothing is under way. */
  private expectSettled(): void {
    const { run, service, stack, before } = this;
    const status = stack.status!;
    const template = Object.values(stack.template);
    for (const [name, applicationId] of status.endsWith('_COMPLETE') ? Object.entries(APPLICATIONS) : []) {
      const held = service.eventStreams.get(applicationId);
      const wanted = template.find(({ ApplicationId }) => ApplicationId === applicationId);
      const isDisturbed = (service.disturbed.get(applicationId) ?? -1) >= before.beganAt;
      const found = `${status}, and ${name} has ${describe(held)}`;
      if (wanted && !hasSetting(held, wanted) && !isDisturbed) {
        run.violate('after a deployment, Pinpoint is not as the template', found);
      }
      if (!wanted && held && !hasSetting(held, STRANGERS) && stack.orphans.length === 0) {
        run.violate('after a deletion, ours is still there', found);
      }
      if (!wanted && !held && before.strangersAt.includes(applicationId) && !isDisturbed) {
        run.violate('another\'s is gone', found);
      }
    }
  }

  private invoke(request: CustomResourceRequest): void {
    const { RequestType, LogicalResourceId, ResourceProperties: wanted } = request;
    const name = `${RequestType} ${this.stack.exchanges.length}`;
    this.run.note(`${name} of ${LogicalResourceId}: ${wanted.ApplicationId[0].toUpperCase()} to ${describe(wanted)}`);
    this.functions.invoke(request, name, this.service);
    this.service.disturb(`after ${name} was sent`);
  }

  private async otherResources(turn: Turn): Promise<boolean> {
    const { run } = this;
    const sleep = (milliseconds: number) => run.time.sleep(milliseconds).then(() => true);
    switch (turn) {
      case 'before a request':
        return sleep(1_000);
      case 'after the last request': {
        const failsAfter = run.choose('another resource', undefined, { 'later failure': { 'fails after 0.2 s': 200, 'fails after 20 s': 20_000 } });
        return failsAfter === undefined || !await sleep(failsAfter);
      }
      case 'before the rollback':
        return sleep(run.choose('the rollback', 1_000, { rollback: { 'begins after 0.05 s': 50, 'begins after 12 s': 12_000 } }));
      case 'at the end':
        return sleep(30_000);
    }
  }

  private templateOf(specs: TemplateSpec): Template {
    return Object.fromEntries(Object.entries(specs).map(([logicalId, { application, destination, replaceExisting = false }]) => [logicalId, {
      ApplicationId: APPLICATIONS[application],
      DestinationStreamArn: destination,
      RoleArn: this.run.setup.rolePassedIn ? PASSED_IN : `${logicalId}.${application}.${destination}`,
      ReplaceExisting: String(replaceExisting),
    }]));
  }
}
