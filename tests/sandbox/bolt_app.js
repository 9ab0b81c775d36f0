// A small app of Bolt for JavaScript: it answers a command, a button, a form, a message and the home tab.
const { App, MemoryInstallationStore } = require("@slack/bolt");

const plain = (text) => ({ type: "plain_text", text });
const section = (text) => ({ type: "section", text: { type: "mrkdwn", text } });
const clientOptions = { slackApiUrl: process.env.SLACK_API_URL, retryConfig: { retries: 0 } };

// By HTTP it is installed by a browser; in Socket Mode it has its token already.
const byHttp = {
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  clientId: "1.2",
  clientSecret: "made-up",
  stateSecret: "made-up-too",
  scopes: ["commands", "chat:write"],
  installationStore: new MemoryInstallationStore(),
  installerOptions: { clientOptions },
};
const bySocket = { socketMode: true, appToken: process.env.SLACK_APP_TOKEN, token: process.env.SLACK_BOT_TOKEN };
const app = new App({ ...(process.env.SLACK_APP_TOKEN ? bySocket : byHttp), clientOptions });

app.command("/images", async ({ ack, command, client, respond }) => {
  await ack();
  if (command.text !== "form") {
    const button = { type: "button", action_id: "press", text: plain("Press"), value: command.text };
    await respond({ text: `You said ${command.text}`, blocks: [section("Well?"), { type: "actions", elements: [button] }] });
    return;
  }
  const name = { type: "input", block_id: "name", label: plain("Name"), element: { type: "plain_text_input", action_id: "name" } };
  const view = { type: "modal", callback_id: "form", title: plain("A form"), submit: plain("Save"), blocks: [name] };
  await client.views.open({ trigger_id: command.trigger_id, view });
});

app.action("press", async ({ ack, action, respond }) => {
  await ack();
  await respond({ text: `Pressed ${action.value}`, replace_original: true });
});

app.view("form", async ({ ack, body, client, view }) => {
  await ack();
  const { value } = view.state.values.name.name;
  await client.chat.postMessage({ channel: body.user.id, text: `Saved ${value}` });
});

app.message(async ({ message, say }) => { await say(`Heard ${message.text}`); });

app.event("app_home_opened", async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks: [section("Welcome home")] } });
});

app.start({ port: Number(process.env.PORT), host: "127.0.0.1" }).then(() => console.log("ready"));
