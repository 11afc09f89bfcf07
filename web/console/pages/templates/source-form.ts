import { html, nothing, type TemplateResult } from 'lit';
import { sentence } from '../../parts/failure.js';
import type { Texts } from '../../parts/drawing.js';
import './code-editor.js';
import type { ConsoleCode } from './code-editor.js';
import type { Draft } from './draft.js';
import type { TemplatesText } from './messages-en.js';
import { linesNamed, mailBodies, type MailBody, type SourceField } from './source-fields.js';

/** What the fields of a draft are drawn with. */
export interface SourceForm {
  texts: Texts<TemplatesText>;
  draft: Draft;
  /** Whether a mail is written, in one of several languages. */
  isMail: boolean;
  /** Where an error's line is to be shown. */
  goTo: (field: string, line: number) => void;
}

/** What is wrong with the draft, and its fields. */
export function sourceForm(form: SourceForm): TemplateResult {
  return html`${problems(form)}
    <div class="form pad">${form.draft.fields.map((each) => field(form, each))}</div>`;
}

function field(form: SourceForm, { name, kind }: SourceField): TemplateResult {
  const { texts, draft } = form;
  const label = texts.t(`template.field.${name}` as TemplatesText);
  const value = draft.textOf(name);
  if (kind === 'line' || kind === 'text') {
    const hint =
      name === 'layout' ? 'template.layoutHint' : name === 'text' ? 'template.plainHint' : undefined;
    const typed = (event: Event) => draft.write(name, (event.target as HTMLInputElement).value);
    return html`<label>
      <span>${label}</span>
      ${
        kind === 'line'
          ? html`<input .value=${value} autocomplete="off" @input=${typed} />`
          : html`<textarea rows="3" .value=${value} @input=${typed}></textarea>`
      }
      ${hint === undefined ? nothing : html`<small>${texts.t(hint)}</small>`}
    </label>`;
  }
  return html`<div class="field">
    <div class="label">
      <span>${label}</span>
      ${form.isMail ? bodyChoice(form) : nothing}
    </div>
    <console-code
      data-field=${name}
      .label=${label}
      .value=${value}
      .wrongLines=${linesNamed(draft.refused?.errors ?? [], name)}
      @input=${(event: Event) => draft.write(name, (event.target as ConsoleCode).value)}
    ></console-code>
    <small>${texts.t('template.editorHint')}</small>
  </div>`;
}

function bodyChoice({ texts, draft }: SourceForm): TemplateResult {
  const choose = (event: Event) => draft.writeAs((event.target as HTMLSelectElement).value as MailBody);
  return html`<select aria-label=${texts.t('template.writtenAs')} @change=${choose}>
    ${mailBodies.map(
      (one) =>
        html`<option value=${one} ?selected=${one === draft.written}>
          ${texts.t(`template.field.${one}`)}
        </option>`,
    )}
  </select>`;
}

function problems({ texts, draft, goTo }: SourceForm): TemplateResult | typeof nothing {
  const { refused, badJson } = draft;
  if (badJson)
    return html`<div class="errors bad" role="alert">
      ${texts.t('template.badJson', { message: badJson.message })}
    </div>`;
  if (!refused) return nothing;
  const errors = refused.errors.length > 0 ? refused.errors : [{ path: '', message: refused.message }];
  return html`<div class="errors bad" role="alert">
    <b>${texts.t('template.errors')}</b>
    <ul>
      ${errors.map((error) => {
        const named = error.path.replace(/^source\./, '');
        const [line] = linesNamed([error], named);
        const text = sentence(error.message);
        return html`<li>
          ${error.path === '' ? nothing : html`<code>${named}</code>`}
          ${line === undefined ? text : html`<button @click=${() => goTo(named, line)}>${text}</button>`}
        </li>`;
      })}
    </ul>
  </div>`;
}
