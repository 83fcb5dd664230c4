import { Token } from 'aws-cdk-lib';
import { validateApplicationId } from '../../../src/private/validation';
import { APPLICATION_ID, newStack } from '../../support/synth';

describe('an application ID', () => {
  it.each([['known', APPLICATION_ID], ['not known', Token.asString({ Ref: 'ApplicationId' })]])('that is %s at synthesis is taken', (_, applicationId) => {
    // THEN
    expect(() => validateApplicationId(newStack(), applicationId)).not.toThrow();
  });

  it('that is known and malformed is refused, with the path of the construct', () => {
    // THEN
    expect(() => validateApplicationId(newStack(), 'my-app')).toThrow(new Error(
      "applicationId must be 32 lower-case hexadecimal digits, got 'my-app': " +
      'pass the ID, which the console called the project ID, not the name or the ARN (at Stack)'));
  });
});
