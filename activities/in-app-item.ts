import type { NotificationInput } from '../contracts/notification-run.js';
import type { Trigger } from '../contracts/trigger.js';
import { render } from '../templates/render.js';
import type { LoadedTemplate } from '../templates/template-cache.js';
import { TemplateError } from '../templates/template-error.js';
import type { PlanningFacts } from './planning-facts.js';
import { templateContext } from './template-context.js';

/** What goes into the inbox; `failed` where the caller's own template could not be rendered. */
export type InAppItem = { title: string; message: string; failed?: false } | { failed: true };

export async function inAppItem(subject: {
  input: NotificationInput;
  trigger: Trigger;
  facts: PlanningFacts;
  /** The version that it is written with. */
  template: LoadedTemplate | undefined;
}): Promise<InAppItem> {
  const { input, trigger, facts, template } = subject;
  try {
    const { title, message } = await render({
      type: facts.type,
      channel: 'in_app',
      locale: facts.contact?.locale ?? facts.tenant.locale,
      content: trigger.content,
      template,
      context: templateContext(
        {
          notificationId: input.notificationId,
          recipientId: input.recipientId,
          createdAt: new Date(input.acceptedAtMs),
          trigger,
          facts,
        },
        'in_app',
      ),
    });
    return { title, message };
  } catch (error) {
    if (error instanceof TemplateError) return { failed: true };
    throw error;
  }
}
