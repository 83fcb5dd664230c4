import { isApplicationId } from '../../../src/handler/protocol';
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
