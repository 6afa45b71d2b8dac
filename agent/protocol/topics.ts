/** The MQTT topics of the box protocol. `{box}` is the box's device id. */
export const topics = {
  actions: (box: string) => `stb/v1/${box}/actions`,
  groupActions: (group: string) => `stb/v1/group/${group}/actions`,
  reports: (box: string) => `stb/v1/${box}/reports`,
  presence: (box: string) => `stb/v1/${box}/presence`,
  artifact: (box: string, action: string) => `stb/v1/${box}/artifacts/${action}`,
};
