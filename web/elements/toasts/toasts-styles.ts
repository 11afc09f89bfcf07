import { css } from 'lit';

/** The stack, in the corner that `position` names, and its toasts. */
export const toastsStyles = css`
  :host {
    position: fixed;
    inset: 0;
    z-index: var(--carillon-toasts-z-index, 10000);
    pointer-events: none;
    display: flex;
    padding: var(--carillon-toasts-margin, 16px);
    align-items: flex-start;
    justify-content: right;
  }
  :host([position^='bottom']) {
    align-items: flex-end;
  }
  :host([position$='left']) {
    justify-content: left;
  }
  :host([position$='start']) {
    justify-content: flex-start;
  }
  :host([position$='end']) {
    justify-content: flex-end;
  }
  :host([position$='center']) {
    justify-content: center;
  }
  section {
    display: flex;
    flex-direction: column;
    gap: 10px;
    width: 380px;
    max-width: 100%;
    max-height: 100%;
    /* Room for the shadows, which scrolling would cut off. */
    margin: -24px;
    padding: 24px;
    --c-toast-shadow: 0 1px 3px light-dark(#1b1f2814, #0006), 0 6px 16px light-dark(#1b1f281f, #0007);
    box-sizing: content-box;
    overflow: hidden auto;
    scrollbar-width: none;
    outline: none;
  }
  .toast {
    position: relative;
    flex: none;
    pointer-events: auto;
    background: var(--c-background);
    border: 1px solid var(--c-line);
    border-radius: var(--c-radius);
    box-shadow: var(--carillon-shadow, var(--c-toast-shadow));
    overflow: hidden;
    touch-action: pan-y;
    animation: enter 0.24s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  .toast[data-stays] {
    border-color: color-mix(in oklab, var(--tint) 55%, var(--c-line));
  }
  .toast:empty {
    display: none;
  }
  .toast:has(.title:focus-visible) {
    outline: 2px solid var(--c-accent);
    outline-offset: 2px;
  }
  .body {
    display: grid;
    grid-template-columns: 34px 1fr 28px;
    gap: 0 12px;
    padding: 14px 10px 14px 14px;
    align-items: start;
  }
  .body:dir(rtl) {
    padding: 14px 14px 14px 10px;
  }
  .icon {
    display: grid;
    place-items: center;
    width: 34px;
    height: 34px;
    border-radius: 50%;
    color: color-mix(in oklab, var(--tint) 78%, var(--c-text));
    background: color-mix(in oklab, var(--tint) 14%, var(--c-background));
  }
  .text {
    min-width: 0;
    padding-block: 1px 2px;
    overflow-wrap: anywhere;
    text-align: left;
  }
  .text:dir(rtl) {
    text-align: right;
  }
  .title {
    display: block;
    font-weight: 600;
    color: var(--c-text);
    text-align: inherit;
    text-decoration: none;
    outline: none;
    unicode-bidi: plaintext;
  }
  .title,
  .message {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  /* All of the toast is the link. */
  .title::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  span.title::after {
    display: none;
  }
  .message {
    -webkit-line-clamp: 3;
    margin: 2px 0 0;
    color: var(--c-muted);
    white-space: pre-line;
    unicode-bidi: plaintext;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 10px;
  }
  .action {
    position: relative;
    padding: 4px 12px;
    border: 1px solid var(--c-line);
    border-radius: 7px;
    font-weight: 500;
    font-size: 13px;
    color: inherit;
    text-decoration: none;
  }
  .action:hover {
    background: var(--c-raised);
  }
  .close {
    position: relative;
    width: 28px;
    min-width: 28px;
    height: 28px;
    margin-top: -3px;
  }
  .close svg {
    width: 16px;
    height: 16px;
  }
  .bar {
    position: absolute;
    inset: auto 0 0;
    height: 3px;
    background: var(--tint);
    opacity: 0.75;
    transform-origin: left;
  }
  .bar:dir(rtl) {
    transform-origin: right;
  }
  .rest {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    min-height: 32px;
    padding-inline: 14px 6px;
    border: 1px solid var(--c-line);
    border-radius: var(--c-radius);
    background: var(--c-background);
    box-shadow: var(--carillon-shadow, var(--c-toast-shadow));
    color: var(--c-muted);
    font-size: 13px;
    pointer-events: auto;
  }
  .rest button {
    margin-inline-start: auto;
    padding: 3px 8px;
    border-radius: 7px;
    font-weight: 500;
    color: var(--c-text);
  }
  .rest button:hover {
    background: var(--c-raised);
  }
  @keyframes enter {
    from {
      opacity: 0;
      transform: translateY(-10px) scale(0.98);
    }
  }
  :host([position^='bottom']) .toast {
    animation-name: enter-below;
  }
  @keyframes enter-below {
    from {
      opacity: 0;
      transform: translateY(10px) scale(0.98);
    }
  }
  @media (width <= 480px) {
    :host {
      padding: var(--carillon-toasts-margin, 12px);
    }
    section {
      width: 100%;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bar {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .bar {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
