import { ConfigError, loadConfig, type Config } from '../../runtime/config.js';
import { counted } from '../words.js';
import { failure, ok, warning, type Finding } from './finding.js';

const OLDEST_NODE = [20, 19] as const;

/** Node, and what the environment says. `config` is absent where that is not complete. */
export function checkSettings(env: NodeJS.ProcessEnv): { found: Finding[]; config?: Config } {
  const found = [nodeVersion()];
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = 'docs/configuration.md has every variable; or start Carillon here with "npm start"';
    return { found: [...found, failure('environment', error.message, advice)] };
  }
  const isProduction = config.NODE_ENV === 'production';
  found.push(ok('environment', `complete, NODE_ENV=${config.NODE_ENV}`));
  found.push(
    config.CARILLON_KEYS
      ? ok(
          'CARILLON_KEYS',
          `${counted(config.CARILLON_KEYS.keyIds.length, 'key', 'keys')}; "${config.CARILLON_KEYS.currentKeyId}" seals`,
        )
      : (isProduction ? failure : warning)(
          'CARILLON_KEYS',
          'not set: addresses, credentials and what Temporal holds are in the clear',
          'set it, e.g. CARILLON_KEYS="k1:$(openssl rand -base64 32)", in every process',
        ),
  );
  if (isProduction && config.CARILLON_BOOTSTRAP_KEY)
    found.push(
      warning(
        'CARILLON_BOOTSTRAP_KEY',
        'is set: whoever has it may do everything',
        'make API keys (POST /v1/api-keys), then remove it',
      ),
    );
  found.push(publicUrl(config, isProduction));
  if (config.CARILLON_ALLOW_PRIVATE_ADDRESSES && isProduction)
    found.push(
      warning(
        'private addresses',
        'CARILLON_ALLOW_PRIVATE_ADDRESSES lets what tenants name lead into this network',
        'turn it off, unless every tenant is yourself',
      ),
    );
  return { found, config };
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return isNewEnough
    ? ok('Node.js', process.versions.node)
    : failure('Node.js', process.versions.node, `install ${OLDEST_NODE.join('.')} or newer`);
}

function publicUrl({ CARILLON_PUBLIC_URL: url }: Config, isProduction: boolean): Finding {
  const about = 'CARILLON_PUBLIC_URL';
  if (url === undefined)
    return warning(
      about,
      'not set: mails have no unsubscribe link, providers cannot say what came of a message',
      'set it to where people and providers reach the API from outside',
    );
  if (isProduction && url.startsWith('http:'))
    return warning(about, `${url} is not encrypted`, 'put TLS in front, and say https');
  return ok(about, url);
}
