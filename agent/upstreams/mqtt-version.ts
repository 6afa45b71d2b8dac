/** MQTT 5, or 4, which is what 3.1.1 calls itself on the wire. */
export type MqttVersion = 5 | 4;

/** How an attempt with one version went: `silent` when the broker closed without a word. */
export type Handshake = 'accepted' | 'refused' | 'silent' | 'failed';

/**
 * Chooses the version of the next attempt: 5, until the broker refuses it. A refusal is remembered for the life of the
 * upstream. A broker that closes on an MQTT 5 CONNECT without answering may be an old one or one that is just restarting:
 * it gets one attempt with 3.1.1, and is asked for 5 again after that connection.
 */
export function createVersionChoice() {
  let refused = false;
  let silent = false;
  return {
    next: (): MqttVersion => (refused || silent ? 4 : 5),
    /** Records how the attempt with `version` went. Answers whether another version is worth an attempt at once. */
    tried(version: MqttVersion, handshake: Handshake): boolean {
      if (version === 5 && handshake === 'refused') refused = true;
      silent = version === 5 && handshake === 'silent';
      return version === 5 && handshake === 'refused';
    },
  };
}
