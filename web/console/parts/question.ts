import type { TemplateResult } from 'lit';

/** What is asked before something is done. */
export interface Question {
  title: string;
  /** What will happen. */
  text: string | TemplateResult;
  /** What the button says that does it. */
  confirm: string;
  /** True for what cannot be taken back. */
  isDangerous?: boolean;
}
