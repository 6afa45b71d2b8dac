/**
 * The bridge between stb-agent and a user interface's page. Include it as it is, before the page's own scripts:
 *
 *     <script src="stb-bridge.js"></script>
 *     <script>
 *       stb.onMessage((message) => {
 *         const box = document.createElement('dialog');
 *         box.innerHTML = message.html;               // sanitised by the agent: text and simple formatting
 *         box.addEventListener('close', message.dismiss);
 *         document.body.append(box);
 *         box.showModal();
 *         return () => box.remove();                  // called when the message is over, whoever ended it
 *       });
 *     </script>
 *
 * Without it, or without a listener, the agent shows messages itself, over whatever the page shows. It needs no server and no
 * permission: the agent calls it through the browser's remote debugging (Chromium) or inspector (WPE WebKit).
 */
(() => {
  /** @type {((message: Message) => void | (() => void)) | undefined} */
  let listener;

  /**
   * @typedef {object} Message
   * @property {string} id
   * @property {string} html simple HTML: b, strong, i, em, u, br, p, span, ul, ol, li, h1, h2, h3, small, without attributes
   * @property {number} durationMs how long it is to stay
   * @property {() => void} dismiss tells the agent that the viewer has dismissed it
   */

  window.stb = {
    /** The version of this interface. */
    version: 1,

    /** Takes over showing messages. `show` gets a Message and returns a function that takes it off the screen. */
    onMessage(show) {
      listener = show;
    },

    /** Called by the agent: hands a message to the page. Answers with the function that takes it away, or nothing if nobody wants it. */
    deliver(message) {
      if (!listener) return undefined;
      const takeAway = listener(message);
      return typeof takeAway === 'function' ? takeAway : () => {};
    },
  };
})();
