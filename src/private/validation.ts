import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { APPLICATION_ID_FORM, isApplicationId } from '../handler/protocol';

/** An error that tells which construct it is about. */
export function errorAt(scope: IConstruct, message: string): Error {
  return new Error(`${message} (at ${scope.node.path})`);
}

/** @throws if the application ID is known at synthesis and malformed */
export function validateApplicationId(scope: IConstruct, applicationId: string): void {
  if (!Token.isUnresolved(applicationId) && !isApplicationId(applicationId)) {
    throw errorAt(scope,
      `applicationId must be ${APPLICATION_ID_FORM}, got '${applicationId}': pass the ID, which the console called the project ID, not the name or the ARN`);
  }
}
