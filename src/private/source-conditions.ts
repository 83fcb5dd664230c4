import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Conditions under which a service acts for one resource of the scope's account, and not for a stranger's. */
export function sourceConditions(scope: IConstruct, sourceArn: string): Record<string, Record<string, string>> {
  return {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    ArnLike: { 'aws:SourceArn': sourceArn },
  };
}
