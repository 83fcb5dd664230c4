import { AspectPriority, Aspects } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Runs a check that needs the whole app, once the app is complete. */
export function onceComplete(scope: IConstruct, check: () => void): void {
  Aspects.of(scope).add({ visit: (node) => node === scope && check() }, { priority: AspectPriority.READONLY });
}
