import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DemoApp } from './app.js';
import { storyPath, type Story } from './calls.js';
import { outcomesOf, toneOf } from './outcome.js';
import { clockTime, plain } from './wording.js';

/** What was sent, newest first: by this page, by `npm run demo`, or by hand. */
export function log(app: DemoApp): TemplateResult {
  return html`
    <section class="panel log" aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">What was sent, and why</h2>
        <p>The newest ${app.log.length === 1 ? 'one' : app.log.length || ''}, as the API tells it.</p>
      </div>
      ${
        app.log.length === 0
          ? html`<p class="empty">Nothing yet. Press a button: its story appears here.</p>`
          : html`<ol>
              ${repeat(
                app.log,
                ({ id }) => id,
                (story) => entry(app, story),
              )}
            </ol>`
      }
    </section>
  `;
}

function entry(app: DemoApp, story: Story): TemplateResult {
  const { id, type, recipient, status, title, createdAt, severity } = story;
  return html`
    <li data-id=${id} data-type=${type} data-status=${status}>
      <div class="line">
        <span class="dot ${severity}" aria-hidden="true"></span>
        <div class="what">
          <strong>${title ?? plain(type)}</strong>
          <small>
            to ${nameOf(app, recipient)} · <code>${type}</code> ·
            <time datetime=${createdAt}>${clockTime(createdAt)}</time>
          </small>
        </div>
        <span class="status ${toneOf(status)}">${plain(status)}</span>
      </div>
      <ul class="outcomes">
        ${outcomesOf(story).map(
          ({ channel, label, tone, what, why }) => html`
            <li class="outcome ${tone}" data-channel=${channel}>
              <strong>${label}</strong> ${what}${why === undefined ? nothing : html`<em>: ${why}</em>`}
            </li>
          `,
        )}
      </ul>
      <div class="more">${history(story)} ${places(app, story)}</div>
    </li>
  `;
}

function history({ timeline, plan }: Story): TemplateResult {
  return html`
    <details>
      <summary>What happened</summary>
      <ol class="timeline">
        ${timeline.map(
          ({ at, event, detail }) => html`
            <li>
              <time datetime=${at}>${clockTime(at)}</time>
              <span
                >${plain(event)}${detail === undefined ? nothing : html` <small>${plain(detail)}</small>`}</span
              >
            </li>
          `,
        )}
      </ol>
      <p class="not-asked">${notAsked(plan)}</p>
    </details>
  `;
}

function notAsked({ channels }: Story['plan']): string {
  const names = Object.entries(channels).flatMap(([channel, { reason }]) =>
    reason === 'not_requested' ? [plain(channel)] : [],
  );
  return names.length === 0 ? '' : `Not asked for: ${names.join(', ')}.`;
}

function places(app: DemoApp, story: Story): TemplateResult {
  const { mail } = app.session.links;
  const hasMail = story.deliveries.some(({ channel, status }) => channel === 'email' && status === 'sent');
  return html`
    <span class="places">
      ${
        story.status === 'held' || story.status === 'digesting'
          ? html`<button type="button" @click=${() => void app.sendNow(story)}>Send now</button>`
          : nothing
      }
      ${hasMail && mail !== null ? link(mail, 'Mail', story) : nothing}
      ${link(`/console/notifications/${encodeURIComponent(story.id)}`, 'Story', story)}
      ${link(storyPath(story.id), 'API answer', story)}
      ${story.temporalUrl === null ? nothing : link(story.temporalUrl, 'Workflow run', story)}
    </span>
  `;
}

function link(url: string, name: string, { title, type }: Story): TemplateResult {
  return html`<a href=${url} target="_blank" rel="noopener" aria-label="${name}: ${title ?? plain(type)}"
    >${name}</a
  >`;
}

function nameOf(app: DemoApp, recipient: string): string {
  return app.seats.find(({ person }) => person.id === recipient)?.person.name ?? recipient;
}
