import { defaultProvider } from '../../../src/handler/environment-credentials';

afterEach(() => jest.restoreAllMocks());

test('the function has the credentials that Lambda puts into its environment', async () => {
  // GIVEN
  const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
  jest.replaceProperty(process, 'env', { ...process.env, ...credentials });

  // WHEN
  const provided = await defaultProvider()();

  // THEN
  expect(provided).toMatchObject({ accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' });
});
