import { createValidatedPolicy, validateResourcePolicy } from '@cloud-copilot/iam-policy';
import { runSimulation, runUnsafeSimulation, Simulation } from '@cloud-copilot/iam-simulate';

/** Condition keys and their values, as a service sets them when it asks IAM. */
export type Context = Record<string, string | string[]>;

/** What IAM is asked. */
export interface Question {
  /** The ARN of a role, or the name of a service. */
  readonly principal: string;
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** The account of the resource. */
  readonly account: string;
  readonly context?: Context;
  /** The policies of the role. */
  readonly identityPolicies?: readonly { readonly name: string; readonly policy: unknown }[];
  /** The policy of the resource, where its service asks that too; the trust policy of a role to be assumed. */
  readonly resourcePolicy?: unknown;
}

/** Whether IAM allows it, by an evaluator that knows conditions; throws where the question makes no sense to it. */
export async function isAllowed(question: Question): Promise<boolean> {
  const result = await runSimulation(toSimulation(question), {});
  if (result.resultType === 'error') {
    throw new Error(`the simulation of ${question.action} on ${question.resource} failed: ${JSON.stringify(result.errors)}`);
  }
  return isAllowedAsIs(question);
}

/**
 * The same where the action may not go with the resource, and for condition keys that the evaluator's check does not know:
 * those of encryption contexts have colons where it expects a slash, so that it leaves them out.
 */
export async function isAllowedAsIs(question: Question): Promise<boolean> {
  return runUnsafeSimulation(toSimulation(question), {}) === 'Allowed';
}

function toSimulation({ principal, action, resource, account, context, identityPolicies, resourcePolicy }: Question): Simulation {
  return {
    request: { principal, action, resource: { resource, accountId: account }, contextVariables: context ?? {} },
    identityPolicies: [...identityPolicies ?? []] as Simulation['identityPolicies'],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    // The evaluator needs a name for it.
    resourcePolicy: resourcePolicy ? createValidatedPolicy(resourcePolicy, validateResourcePolicy, { name: 'resource policy' }) : undefined,
  };
}
