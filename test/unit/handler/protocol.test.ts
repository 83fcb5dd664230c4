import { functionTimeoutSeconds, isApplicationId, serviceTimeoutSeconds } from '../../../src/handler/protocol';
import { APP } from '../../support/handler/requests';

describe('an application ID', () => {
  it('is 32 lower-case hexadecimal digits', () => {
    // THEN
    expect(isApplicationId(APP)).toBe(true);
  });

  it.each([undefined, [APP], '', 'my-app', APP.toUpperCase(), `${APP}0`, APP.slice(1), `${APP}\n`])('cannot be %j', (value) => {
    // THEN
    expect(isApplicationId(value)).toBe(false);
  });
});

test('with a propagation timeout of 120 s the function has 240 s, and CloudFormation waits for 420 s', () => {
  // THEN
  expect([functionTimeoutSeconds(120), serviceTimeoutSeconds(120)]).toEqual([240, 420]);
});
