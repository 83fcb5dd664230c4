import type { Choices } from './choices';
import type { Setup, TemplateSpec } from './families';
import { Functions } from './functions';
import { Run, Variation } from './run';
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
  public readonly run: Run;
  public readonly functions: Functions;
  private readonly service: Service;
  private readonly stack: ContractStack;
  private requests = 0;
  /** When the last operation of the stack began, and where a stranger's event stream was then. */
  private operation = { beganAt: 0, strangersAt: new Set<string>() };

  constructor(choices: Choices, varies: readonly Variation[], private readonly setup: Setup, newFunction: (clock: Clock) => Handler) {
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(DEFAULT_PROPAGATION_TIMEOUT_SECONDS);
    this.run = new Run(choices, varies);
    this.functions = new Functions(this.run, newFunction, DEFAULT_PROPAGATION_TIMEOUT_SECONDS);
    this.stack = new ContractStack({
      endpoint: this.functions,
      time: this.run.time,
      serviceTimeout: serviceTimeoutSeconds(DEFAULT_PROPAGATION_TIMEOUT_SECONDS) * 1_000,
      invoke: (request) => this.invoke(request),
      turn: (turn) => this.otherResources(turn),
    }, 'Stack');
    this.service = new Service(this.run, this.stack);
    if (setup.strangersAt) {
      this.service.write(APPLICATIONS[setup.strangersAt], STRANGERS, 'a stranger, long ago');
    }
  }

  /** Deploys the templates, lets a person go on where that is needed, and deletes the stack. */
  public async play(templates: readonly TemplateSpec[]): Promise<void> {
    const { run, run: { time } } = this;
    await time.run(async () => {
      await time.sleep(UNTIL_SETTLED_MS);
      for (const [index, template] of templates.entries()) {
        if (this.stack.status?.endsWith('ROLLBACK_FAILED')) {
          break;
        }
        const isByHandNext = Boolean(this.setup.setByHand) && index === 0;
        run.goOrdinarily(isByHandNext);
        await this.deploy(this.templateOf(template));
        await this.settle();
        if (isByHandNext) {
          Object.values(this.templateOf(templates[1])).forEach((setting) => this.service.write(setting.ApplicationId, setting, 'a person'));
          await time.sleep(UNTIL_SETTLED_MS);
        }
      }
      await time.sleep(UNTIL_SETTLED_MS);
      this.expectSettled();
      run.goOrdinarily();
      this.service.settle();
      await this.goOn();
      await this.deleteStack();
    });
  }

  private async deploy(template: Template): Promise<void> {
    const { run, service, stack, setup: { rolesTake = 0 } } = this;
    if (stack.status === 'ROLLBACK_COMPLETE') {
      // The CDK CLI does so before it deploys again.
      await stack.delete();
    }
    this.begin();
    const delay = run.choose('new roles', rolesTake, {
      role: { 'are visible after 6 s': 6_000, 'are visible after 70 s': 70_000, 'are never visible': Infinity },
    });
    for (const { RoleArn } of Object.values(template)) {
      if (RoleArn !== PASSED_IN && !service.hasRole(RoleArn)) {
        service.roles.set(RoleArn, run.time.now() + delay);
      }
    }
    this.end(await stack.deploy(template));
  }

  /** A person continues a rollback that has failed, and takes a stranger's event stream away if that is what refuses it. */
  private async goOn(): Promise<void> {
    const { run, service, stack } = this;
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      return;
    }
    this.end(await stack.continueUpdateRollback());
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
      for (const [applicationId, held] of service.eventStreams) {
        if (hasSetting(held, STRANGERS)) {
          service.disturbed.set(applicationId, run.time.now());
          service.write(applicationId, undefined, 'a person');
        }
      }
      this.end(await stack.continueUpdateRollback());
    }
    if (stack.status.endsWith('FAILED')) {
      run.violate('the stack is stuck', 'the rollback cannot be continued');
    }
    await this.settle();
  }

  private async deleteStack(): Promise<void> {
    const { run, stack } = this;
    if (stack.status === 'ROLLBACK_COMPLETE' || stack.status === 'UPDATE_ROLLBACK_FAILED') {
      return;
    }
    this.begin();
    this.end(await stack.delete());
    if (stack.status !== 'DELETE_COMPLETE') {
      run.violate('the stack is stuck', 'it cannot be deleted');
    }
    await this.settle();
  }

  private begin(): void {
    const strangersAt = [...this.service.eventStreams].filter(([, held]) => hasSetting(held, STRANGERS)).map(([applicationId]) => applicationId);
    this.operation = { beganAt: this.run.time.now(), strangersAt: new Set(strangersAt) };
  }

  private end(status: StackStatus): void {
    this.run.note(`the stack is in ${status}`);
    this.service.checkRoles();
  }

  /** Waits until nothing is under way any more; or not so long. */
  private async settle(): Promise<void> {
    const gap = this.run.choose('the next deployment', UNTIL_SETTLED_MS, { 'next at once': { 'follows 5 s later': 5_000 } });
    await this.run.time.sleep(gap);
    if (gap === UNTIL_SETTLED_MS) {
      this.expectSettled();
    }
  }

  /** What must hold when nothing is under way. */
  private expectSettled(): void {
    const { run, service, stack, operation } = this;
    const status = stack.status!;
    const template = new Map(Object.values(stack.template).map((properties) => [properties.ApplicationId, properties]));
    for (const [name, applicationId] of Object.entries(APPLICATIONS)) {
      const held = service.eventStreams.get(applicationId);
      const wanted = template.get(applicationId);
      const isDisturbed = (service.disturbed.get(applicationId) ?? -1) >= operation.beganAt;
      const found = `${status}, and ${name} has ${describe(held)}`;
      if (!status.endsWith('_COMPLETE')) {
        continue;
      }
      if (wanted && !hasSetting(held, wanted) && !isDisturbed) {
        run.violate('after a deployment, Pinpoint is not as the template', found);
      }
      if (!wanted && held && !hasSetting(held, STRANGERS) && stack.orphans.length === 0) {
        run.violate('after a deletion, ours is still there', found);
      }
      if (!wanted && !held && operation.strangersAt.has(applicationId) && !isDisturbed) {
        run.violate('another\'s is gone', found);
      }
    }
  }

  private invoke(request: CustomResourceRequest): void {
    const { RequestType, LogicalResourceId, ResourceProperties: { ApplicationId, ...setting } } = request;
    const name = `${RequestType} ${++this.requests}`;
    this.run.note(`${name} of ${LogicalResourceId}: ${ApplicationId[0].toUpperCase()} to ${describe(setting)}`);
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
      RoleArn: this.setup.rolePassedIn ? PASSED_IN : `${logicalId}.${application}.${destination}`,
      ReplaceExisting: String(replaceExisting),
    }]));
  }
}
