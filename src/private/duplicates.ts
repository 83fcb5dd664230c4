import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { comparisonKey } from './stable-id';

/**
 * Finds another construct of the app that stands for the same thing in the same environment. It looks in the same stack first.
 *
 * If two constructs are of the same class, only the later one finds the earlier, so that the pair is reported once.
 *
 * @param valueOf what a construct stands for, or undefined for other kinds of constructs
 */
export function findDuplicate(scope: IConstruct, valueOf: (node: IConstruct) => string | undefined): IConstruct | undefined {
  const stack = Stack.of(scope);
  const keyOf = (node: IConstruct) => {
    const value = valueOf(node);
    return value === undefined || Stack.of(node).environment !== stack.environment ? undefined : comparisonKey(node, value);
  };
  const key = keyOf(scope);
  const all = scope.node.root.node.findAll();
  const place = all.indexOf(scope);
  const isPeer = (node: IConstruct) => node.constructor === scope.constructor;
  const duplicates = all.filter((node, index) => (isPeer(node) ? index < place : node !== scope) && keyOf(node) === key);
  const inStack = duplicates.filter((node) => Stack.of(node) === stack);
  return inStack.find(isPeer) ?? inStack[0] ?? duplicates[0];
}
