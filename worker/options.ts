import { parseArgs } from 'node:util';

/**
 * The environment with what the command line says over it: `npm run worker -- --queues bulk`.
 * @throws TypeError for an option that is not known.
 */
export function environmentOf(args: string[], env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { values } = parseArgs({ args, options: { queues: { type: 'string' } } });
  return values.queues === undefined ? env : { ...env, CARILLON_WORKER_QUEUES: values.queues };
}
