/**
 * Replaces the SDK's chain of credential providers in the bundle. Lambda passes a function its credentials in the environment. The
 * code that looks elsewhere would make the bundle a third larger.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
