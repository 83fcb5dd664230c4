import { createHash } from 'crypto';
import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { referencesIn } from './tokens';

/**
 * A text that is the same in every synthesis for the same values, and differs for different ones. It contains what the values resolve
 * to in the scope's template, and the stacks that own what they refer to, because the same logical ID may mean something else there.
 */
export function identityOf(scope: IConstruct, ...values: string[]): string {
  const stack = Stack.of(scope);
  const owners = ownersOf(scope, values).filter((owner) => owner !== stack).map(deployedNameOf);
  return JSON.stringify([withoutEnvironment(stack.resolve(values)), [...new Set(owners)].sort()]);
}

/**
 * Eight hexadecimal digits that stand for an identity in a construct ID.
 *
 * The logical IDs of deployed roles contain them, so the same values must give the same digits in every version of this library.
 */
export function digestOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 8);
}

/** A text to compare values of different stacks of the app: equal texts mean the same thing. */
export function comparisonKey(scope: IConstruct, value: string): string {
  const stack = Stack.of(scope);
  const resolved = stack.resolve(value);
  const owners = ownersOf(scope, [value]);
  // A value without a known owner, such as an intrinsic function of the user's, is taken to belong to this stack.
  const known = typeof resolved === 'string' || owners.length > 0 ? owners : [stack];
  return JSON.stringify([resolved, known.map(({ node }) => node.addr)]);
}

function ownersOf(scope: IConstruct, values: string[]): Stack[] {
  return referencesIn(scope, values).map(({ target }) => Stack.of(target));
}

/** The name by which CloudFormation knows a stack. Not its path, which changes when the stack moves into a stage. */
function deployedNameOf(stack: Stack): string {
  const { nestedStackParent: parent, nestedStackResource: resource } = stack;
  return parent && resource ? `${deployedNameOf(parent)}/${parent.resolve(resource.logicalId)}` : stack.stackName;
}

/**
 * Removes partition, region and account from the ARNs in a resolved value. They are those of the stack. Whether they are rendered as
 * text or as references depends on feature flags and on the stack's environment.
 */
function withoutEnvironment(resolved: any): any {
  if (typeof resolved === 'string') {
    return resolved.replace(/^arn:[^:]*:/, 'arn::').replace(/^(arn::[^:]+):[^:]*:[^:]*:/, '$1:::');
  }
  if (Array.isArray(resolved)) {
    return resolved.map(withoutEnvironment);
  }
  const join = resolved?.['Fn::Join'];
  if (join?.[0] !== '' || !Array.isArray(join[1])) {
    return resolved;
  }
  const parts = (join[1] as any[]).map((part) => PSEUDO_PARAMETERS.get(part.Ref) ?? part);
  const merged = parts.reduce<any[]>((done, part) => {
    const last = done.at(-1);
    return typeof part === 'string' && typeof last === 'string' ? [...done.slice(0, -1), last + part] : [...done, part];
  }, []);
  const [first, ...others] = [withoutEnvironment(merged[0]), ...merged.slice(1)];
  return others.length === 0 ? first : { 'Fn::Join': ['', [first, ...others]] };
}

/** Texts that stand for the references to pseudo parameters, a different one for each, because a name may contain such a reference as well. */
const PSEUDO_PARAMETERS = new Map([['AWS::Partition', '<partition>'], ['AWS::Region', '<region>'], ['AWS::AccountId', '<account>']]);
