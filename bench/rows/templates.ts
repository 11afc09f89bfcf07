import { findExample, findType } from '../../templates/built-in-types.js';
import { compileMail } from '../../templates/compile-template.js';
import { mjmlRuns } from '../../templates/mjml-thread.js';
import { render } from '../../templates/render.js';
import { LoadedTemplate } from '../../templates/template-cache.js';
import type { TemplateContext } from '../../templates/template-context.js';
import type { Line, Row } from '../row.js';
import { digits, percentile } from '../statistics.js';

const VARIABLES = 40;

/** A mail of a tenant's own, in MJML, in which every variable stands once: texts, dates, money, a list and conditions. */
const mjml = `<mj-text>Dear {{ v0 }}, {{ v1 | date_time }}</mj-text>
<mj-table>${Array.from({ length: VARIABLES - 12 }, (_, at) => `{% if v${at + 2} %}<tr><td>Field ${at + 2}</td><td>{{ v${at + 2} }}</td></tr>{% endif %}`).join('\n')}</mj-table>
${Array.from({ length: 9 }, (_, at) => `<mj-text>{{ v${at + VARIABLES - 10} | money: "EUR" }}</mj-text>`).join('\n')}
{% for item in v39 %}<mj-text>{{ item | plural: "one", "# of them" }}</mj-text>{% endfor %}
<mj-button href="{{ notification.actionUrl }}">Open it</mj-button>`;
const source = { subject: 'Dear {{ v0 }}', mjml };
const parts = { partial: () => Promise.resolve(undefined), layout: () => Promise.resolve(undefined) };

const data: Record<string, unknown> = Object.fromEntries(
  Array.from({ length: VARIABLES }, (_, at) => [`v${at}`, `the <value> of variable ${at}`]),
);
for (let at = VARIABLES - 10; at < VARIABLES - 1; at += 1) data[`v${at}`] = at * 1234.5;
Object.assign(data, { v1: '2026-12-01T09:30:00Z', v39: [1, 2, 3] });

const context: TemplateContext = {
  data,
  recipient: { id: 'u-42', email: 'ann@example.com', timezone: 'Europe/Paris' },
  tenant: { id: 'bench', name: 'Acme', locale: 'en', timezone: 'UTC', appUrl: 'https://app.example' },
  notification: {
    id: 'ntf_1',
    type: 'mention',
    severity: 'info',
    actionUrl: '/contracts/c-1',
    createdAt: '2026-12-01T08:30:00Z',
    unsubscribeUrl: 'https://n.example/u/abc',
  },
};

/** Writing one mail, HTML and text, against what it would take with MJML compiled for each. In this process. */
export const templates: Row = {
  name: 'templates',
  async run({ options, say }) {
    const type = findType('mention');
    if (!type) throw new Error('no type to write');
    const { texts } = await compileMail(source, parts);
    const template = new LoadedTemplate({
      id: 'tpv_bench',
      kind: 'type',
      locale: 'en',
      compiled: JSON.stringify(texts),
    });
    const mail = { type, channel: 'email', locale: 'en' } as const;
    const subjects = {
      own: () => render({ ...mail, template, context }),
      builtIn: () => render({ ...mail, context: { ...context, data: findExample('mention') ?? {} } }),
      compiling: () => compileMail(source, parts),
    };
    say('warming up');
    for (let turn = 0; turn < 200; turn += 1) {
      await subjects.own();
      await subjects.builtIn();
    }
    const compiling = await timed(subjects.compiling, options.quick ? 5 : 40);
    const before = mjmlRuns();
    const count = options.quick ? 300 : 5000;
    const times = {
      compiling,
      own: await timed(subjects.own, count),
      builtIn: await timed(subjects.builtIn, count),
    };
    const runs = mjmlRuns() - before;
    const shown = (name: keyof typeof times) =>
      `p50 ${digits(percentile(times[name], 50))} ms, p95 ${digits(percentile(times[name], 95))} ms`;
    const line = (what: string, name: 'own' | 'builtIn'): Line => ({
      what,
      carillon: shown(name),
      reference: `compiling it ${shown('compiling')}`,
      ratio: percentile(times[name], 50) / percentile(times.compiling, 50),
    });
    return {
      lines: [
        line(`email from a tenant's template in MJML, ${VARIABLES} variables`, 'own'),
        line('email from a built-in text', 'builtIn'),
        {
          what: 'MJML compiled meanwhile',
          carillon: `${runs} times in ${2 * count} mails`,
          holds: runs === 0,
        },
      ],
      raw: { ...times, runs },
    };
  },
};

/** Milliseconds of each call, one after the other. */
async function timed(call: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const beganMs = performance.now();
    await call();
    times.push(performance.now() - beganMs);
  }
  return times;
}
