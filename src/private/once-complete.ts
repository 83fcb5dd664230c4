import { AspectPriority, Aspects } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Runs an action that needs the whole app, once that is complete and its other aspects have run. */
export function onceComplete(scope: IConstruct, action: () => void): void {
  Aspects.of(scope).add({ visit: (node) => node === scope && action() }, { priority: AspectPriority.READONLY });
}
