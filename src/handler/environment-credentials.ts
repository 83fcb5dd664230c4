/**
 * Takes the place of the SDK's chain of credential providers in the bundle. Lambda hands a function its credentials
 * in the environment, so looking anywhere else would only add a third to the bundle.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
