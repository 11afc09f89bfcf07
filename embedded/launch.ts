import type { ChildPlan } from './process.js';

/** A child and how to know that it is ready. */
export interface Launch {
  plan: ChildPlan;
  /** Asked again and again; safe to ask at any time. */
  isReady: () => Promise<boolean> | boolean;
  /** How long it may take, in milliseconds. */
  readyWithinMs: number;
}

const passedOn = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH', 'SSL_CERT_FILE'];

/** The environment of a third party's server: what a program needs to run, and none of our keys and addresses. */
export function bareEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** True when an HTTP GET is answered with a 2xx within two seconds; false when nobody answers, or something else. */
export async function answersOk(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return false;
    throw error;
  }
}
