import type { Command } from 'commander';
import { checkApi } from '../doctor/api.js';
import type { Finding } from '../doctor/finding.js';
import { checkKafka } from '../doctor/kafka.js';
import { checkMail } from '../doctor/mail.js';
import { checkMongo } from '../doctor/mongodb.js';
import { checkSettings } from '../doctor/settings.js';
import { checkTemporal } from '../doctor/temporal.js';
import type { ApiOptions } from '../api.js';
import { deploymentEnvironment } from '../deployment.js';
import { Failure } from '../failure.js';
import { acting } from '../acting.js';

const signs = { ok: '✓', warning: '!', failure: '✗', skipped: '–' } as const;

/** `carillon doctor`: looks at every dependency and setting, and ends with 1 where something does not work. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Look at every dependency and setting, and say what to do')
    .action(
      acting<ApiOptions>(async (options, at) => {
        const findings: Finding[] = [];
        const tell = (found: Finding[]) => {
          findings.push(...found);
          if (at.json) return;
          for (const { about, state, says, advice } of found)
            at.result(
              undefined,
              `${signs[state]} ${about.padEnd(22)} ${says}${advice === undefined ? '' : `\n  → ${advice}`}`,
            );
        };
        const { found, config } = checkSettings(await environment());
        tell(found);
        if (config) {
          tell(await checkMongo(config));
          tell(await checkTemporal(config));
          tell(await checkMail(config));
          tell(await checkKafka(config));
        }
        tell(await checkApi(options, config));
        const failures = findings.filter(({ state }) => state === 'failure').length;
        const warnings = findings.filter(({ state }) => state === 'warning').length;
        if (at.json) at.result({ ok: failures === 0, failures, warnings, findings }, '');
        else at.result(undefined, `\n${failures} to mend, ${warnings} to look at`);
        if (failures > 0) process.exitCode = 1;
      }),
    );
}

/** Where nothing runs here, and no database is named, the settings' own check says what is missing. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  try {
    return await deploymentEnvironment();
  } catch (error) {
    if (error instanceof Failure) return process.env;
    throw error;
  }
}
