/** Written by `npm run generate`; not to be edited. */

export interface paths {
    "/api/v1/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in agent's own page */
        get: operations["agent_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets up the agent's standing audio leg, kept for the shift */
        post: operations["open_agent_audio"];
        /** Takes the agent's standing audio leg down */
        delete: operations["close_agent_audio"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the switchboard for something: ready, pause, accept or reject an offer, hang up, complete or give back a task, dispose */
        post: operations["agent_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The agents and what they do now */
        get: operations["list_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's calendars, by name */
        get: operations["list_calendars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One calendar */
        get: operations["get_calendar"];
        /** Creates a calendar, or changes it for every queue that keeps it and for who waits there */
        put: operations["put_calendar"];
        post?: never;
        /** Deletes a calendar that no queue keeps */
        delete: operations["delete_calendar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration-choices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the configuration of any plugin may name: the tenant's queues, skills, prompts and flows
         * @description For a plugin that is about to be uploaded; its secrets stand in its own manifest.
         */
        get: operations["get_configuration_choices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is set up for a connector */
        get: operations["get_connector"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a connector whether its address, secrets and rights are right */
        post: operations["check_connector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}/exchanges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a connector sent and got lately, without its secrets */
        get: operations["list_connector_exchanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a connector has to do after contacts: what waits or was given up, then the newest */
        get: operations["list_connector_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a job again that was given up, by its contact */
        post: operations["retry_connector_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}/secrets/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets a secret, in place of the one there was */
        put: operations["set_connector_secret"];
        post?: never;
        /** Deletes a secret */
        delete: operations["delete_connector_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{name}/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Says what the host asks a connector by itself */
        put: operations["set_connector_uses"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Contacts, newest first; an agent sees those that they handled */
        get: operations["list_contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One contact in full */
        get: operations["contact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The recording: stereo WAV, left the customer, right what the customer heard; takes ranges */
        get: operations["contact_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that happened to a contact, in order */
        get: operations["contact_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What plugins used for one contact; kept for good, about a second behind */
        get: operations["contact_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a contact still waits: who could take it, and what keeps each of the others out */
        get: operations["contact_waiting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened, in order */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The plugins of the tenant */
        get: operations["list_flows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an earlier version live for the next contact; calls in progress stay on theirs */
        post: operations["roll_back_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live events over a WebSocket; an agent's open socket is their presence */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's numbers */
        get: operations["list_numbers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers/{dialled}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Creates a number, or changes which flow answers it from the next call on */
        put: operations["put_number"];
        post?: never;
        /** Deletes a number */
        delete: operations["delete_number"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the tenant's plugins may use, as the host's operator has set it */
        get: operations["plugin_plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The plugins of the tenant, each with its versions */
        get: operations["list_plugins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One plugin with its versions, the trial that is under way, and its settings */
        get: operations["get_plugin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configuration of a plugin's active version, and what it may be */
        get: operations["get_plugin_configuration"];
        /**
         * Makes a version of the active one's code with another configuration
         * @description It waits in the state `compiled` until it is staged and activated. What does not fit the schema
         *     is refused, each place by its JSON pointer.
         */
        put: operations["set_plugin_configuration"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last calls in which a plugin broke down, with the way to see each again */
        get: operations["list_plugin_faults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/faults/{fault}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of them whole: the question, the configuration, the fault
         * @description It holds what the plugin saw of a customer.
         */
        get: operations["get_plugin_fault"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/recorded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last recorded calls, whole, oldest first: a JSON object a line
         * @description They hold what the plugin saw of customers.
         */
        get: operations["get_plugin_recorded"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an earlier version active for the next contact; calls in progress stay on theirs */
        post: operations["roll_back_plugin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Chooses how many of a plugin's calls are recorded, and what a version must pass before it is published */
        put: operations["configure_plugin"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What came of the trial that is under way: contacts decided otherwise, and both groups of a canary */
        get: operations["get_plugin_trial"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a new version: it is admitted, compiled and tried; then it waits until it is staged
         * @description The answer is the version in the state `compiled`, or `rejected` with what was wrong in `report`.
         */
        post: operations["upload_plugin_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version by its id, or by its label: who brought it, its history, its report, what it asks for */
        get: operations["get_plugin_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/versions/{version}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a version on the last recorded calls of the active one: which contacts it would have treated otherwise */
        post: operations["replay_plugin_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{kind}/{name}/versions/{version}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stages a version, tries it in shadow or as a canary, makes it active, or quarantines it */
        post: operations["change_plugin_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/public/calls/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follows a call over a WebSocket; closing it hangs up */
        get: operations["follow_public_call"];
        put?: never;
        post?: never;
        /** Ends a call from its page */
        delete: operations["end_public_call"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/public/{tenant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A tenant's lines that a web page may call */
        get: operations["public_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/public/{tenant}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Calls a line from a web page */
        post: operations["public_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queues; an agent sees their own */
        get: operations["list_queues"];
        put?: never;
        /** Creates a queue */
        post: operations["create_queue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes a queue; applies to waiting contacts too */
        put: operations["replace_queue"];
        post?: never;
        /** Deletes a queue; history keeps its name */
        delete: operations["delete_queue"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest decisions, newest first, each with everything that led to it */
        get: operations["list_decisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/violations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What should have held at every instant and did not, newest first */
        get: operations["list_violations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's latest, under way or over */
        get: operations["latest_what_if"];
        put?: never;
        /** Begins to play recorded traffic with other policies; one at a time */
        post: operations["start_what_if"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/what-if/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far it is, and what came out */
        get: operations["get_what_if"];
        put?: never;
        post?: never;
        /** Cancels it; no harm when it is over */
        delete: operations["cancel_what_if"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs a person in */
        post: operations["sign_in"];
        /** Signs out; an agent's presence ends at once, unless another session holds a console open */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/qualifying": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks a skill expression, and says which agents meet it */
        get: operations["check_skills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a piece of work into a queue */
        post: operations["create_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes back a task that no agent works on yet */
        delete: operations["withdraw_task"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tokens, without their secrets */
        get: operations["list_tokens"];
        put?: never;
        /** Creates a token */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a token; it is refused from now on */
        delete: operations["delete_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each version of each plugin used, by day (UTC) and what it was run for; kept for good, about a second behind */
        get: operations["list_usage_by_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each version of each plugin used since the host started, by what it was run for: calls, faults, fuel, memory, time */
        get: operations["list_plugin_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who may sign in */
        get: operations["list_users"];
        put?: never;
        /** Creates a user */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes a user; nobody is signed out by it */
        put: operations["replace_user"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The figures of the tenant, and of the host when it serves no other; an administrator's token reads them */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who changed a version's state. */
        Actor: "flows_folder" | {
            person: {
                id: components["schemas"]["UserId"];
                /** @description At that time. */
                name: string;
            };
        } | {
            /** @description With this token. */
            program: {
                id: components["schemas"]["SessionId"];
                name: string;
            };
        } | "host";
        /** @description One line of an admission report. */
        AdmissionFinding: components["schemas"]["Diagnostic"] & {
            /** @description Where this code is explained. */
            page: string;
        };
        AgentId: string;
        AgentItem: components["schemas"]["AgentLive"] & {
            capacity: components["schemas"]["Capacity"][];
            queues: components["schemas"]["Membership"][];
            skills: components["schemas"]["Skill"][];
        };
        AgentLive: components["schemas"]["AgentState"] & {
            browser_up: boolean;
            desk_phone_up: boolean;
            device: components["schemas"]["Device"];
            id: components["schemas"]["AgentId"];
            name: string;
            /** @description What rings. */
            offers: components["schemas"]["OfferLive"][];
            /**
             * @description A pause asked for while busy, which begins when what is in hand is done; nothing new is
             *     offered meanwhile.
             */
            pause_next?: string | null;
            /** @description Every contact in hand, in the order in which they came. */
            work: components["schemas"]["Work"][];
        };
        /** @description The agent's page in one object; pushed over the live socket at each change. */
        AgentPage: {
            agent: components["schemas"]["AgentLive"];
            audio_leg?: null | components["schemas"]["LegId"];
            /** @description The contacts that the agent has in hand, but for those that have ended. */
            contacts: components["schemas"]["ContactLive"][];
            /** @description Who the customers of the contacts in hand are, as connectors say; also of those that ring. */
            customers: components["schemas"]["KnownCustomers"][];
            dispositions: string[];
            pause_reasons: string[];
            queues: components["schemas"]["QueueName"][];
        };
        /** @description What agents ask for. A refusal is a fact of kind `request_refused` and leaves everything as it was. */
        AgentRequest: {
            /** @enum {string} */
            request: "ready";
        } | {
            reason: string;
            /** @enum {string} */
            request: "pause";
        } | {
            device: components["schemas"]["Device"];
            /** @enum {string} */
            request: "use_device";
        } | {
            offer: components["schemas"]["OfferId"];
            /** @enum {string} */
            request: "accept_offer";
        } | {
            offer: components["schemas"]["OfferId"];
            /** @enum {string} */
            request: "reject_offer";
        } | {
            contact: components["schemas"]["ContactId"];
            /** @enum {string} */
            request: "hang_up";
        } | {
            contact: components["schemas"]["ContactId"];
            /** @enum {string} */
            request: "complete";
        } | {
            contact: components["schemas"]["ContactId"];
            /** @enum {string} */
            request: "give_back";
        } | {
            contact: components["schemas"]["ContactId"];
            disposition: string;
            note: string;
            /** @enum {string} */
            request: "dispose";
        };
        /**
         * @description What an agent is doing; of several contacts, the foremost: what is worked on before what only
         *     rings, a call before the rest, the oldest first. A state carries what it needs and nothing else.
         */
        AgentState: {
            /** @enum {string} */
            state: "signed_out";
        } | {
            reason: string;
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "paused";
        } | {
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "ready";
        } | {
            contact: components["schemas"]["ContactId"];
            offer: components["schemas"]["OfferId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "offered";
        } | {
            contact: components["schemas"]["ContactId"];
            segment: components["schemas"]["SegmentId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "talking";
        } | {
            contact: components["schemas"]["ContactId"];
            segment: components["schemas"]["SegmentId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "wrap_up";
            until?: null | components["schemas"]["Timestamp"];
        };
        Agents: {
            items: components["schemas"]["AgentItem"][];
        };
        AudioAnswer: {
            leg: components["schemas"]["LegId"];
            /** @description The SDP answer, with all our candidates. */
            sdp: string;
        };
        /** @description An offer of the browser's audio. */
        AudioOffer: {
            /** @description The browser's SDP offer, with its candidates gathered. */
            sdp: string;
        };
        /**
         * @description With whom it lies that a contact or a leg ended the way it did.
         * @enum {string}
         */
        Blame: "caller" | "agent" | "us" | "carrier" | "nobody";
        /** @description A body, cut. */
        Body: {
            /** @description The whole of it. */
            bytes: number;
            /** @description Its beginning; what is no UTF-8 is replaced. */
            text: string;
        };
        /**
         * @description As it is shown.
         * @enum {string}
         */
        BreakerState: "closed" | "open" | "half_open";
        /** @description Open by the week, except on the days named. */
        Calendar: {
            exceptions?: components["schemas"]["Exception"][];
            /** @description Unique in the tenant; what queues say. */
            name: string;
            /** @description IANA time zone (`Europe/Berlin`, `Asia/Shanghai`). */
            time_zone: string;
            weekly: components["schemas"]["DayHours"][];
        };
        /** @description What a calendar is set to: [`Calendar`] without its name. */
        CalendarDraft: {
            exceptions?: components["schemas"]["Exception"][];
            /** @description IANA time zone (`Europe/Berlin`, `Asia/Shanghai`). */
            time_zone: string;
            /** @description Each day of the week at most once; a day that is not named is closed. */
            weekly?: components["schemas"]["DayHours"][];
        };
        Calendars: {
            items: components["schemas"]["Calendar"][];
        };
        /** @description What one call may use. */
        CallLimits: {
            call: components["schemas"]["LimitedCall"];
            /**
             * Format: int64
             * @description Actions of a step, hints about an utterance, requests of a round; none where there are none.
             */
            effects?: number | null;
            /**
             * Format: int64
             * @description About one unit an instruction.
             */
            fuel: number;
            /**
             * Format: int64
             * @description Lines that are kept of what it writes.
             */
            log_lines: number;
            /**
             * Format: int64
             * @description Each linear memory.
             */
            memory_bytes: number;
            /**
             * Format: int64
             * @description Of the thread's processor; the backstop behind fuel.
             */
            processor_time_ms: number;
            /**
             * Format: int64
             * @description Kept between two calls about one contact; none where nothing is.
             */
            state_bytes?: number | null;
        };
        /** @description Virtual hold: the customer hangs up, keeps the place, and is called when an agent has accepted. */
        CallbackRule: {
            /**
             * Format: int32
             * @description Calls to the customer before giving up; from 1.
             */
            attempts: number;
            retry_after_ms: components["schemas"]["Millis"];
            /** @description How long the customer's phone rings. */
            ring_timeout_ms: components["schemas"]["Millis"];
        };
        /** @description When a canary is rolled back by itself. */
        CanaryLimits: {
            /**
             * Format: double
             * @description How far its abandonment may lie above the control group's, in percentage points.
             * @default 5
             */
            abandonment_margin: number;
            /**
             * Format: double
             * @description Beyond those: faults among its calls, 0 to 100.
             * @default 2
             */
            max_fault_percent: number;
            /**
             * Format: double
             * @description Its mean fuel over the active version's.
             * @default 5
             */
            max_fuel_factor: number;
            /**
             * Format: double
             * @description Fuel of its costliest call, as a share of the limit, 0 to 100.
             * @default 80
             */
            max_fuel_percent: number;
            /**
             * Format: int32
             * @description Calls of each group before fuel is judged.
             * @default 20
             */
            min_calls: number;
            /**
             * Format: int32
             * @description Queue visits that ended in each group before the queues are judged.
             * @default 30
             */
            min_visits: number;
            /**
             * Format: double
             * @description How far its service level may lie below the control group's, in percentage points.
             * @default 10
             */
            service_level_margin: number;
            /**
             * Format: int32
             * @description Faults that are too few to judge by.
             * @default 2
             */
            tolerated_faults: number;
        };
        CandidateStatus: {
            /** @description The version's. */
            id: components["schemas"]["Digest"];
            label: string;
            since: components["schemas"]["Timestamp"];
            stage: components["schemas"]["TrialStage"];
        };
        /** @description How much of one medium an agent takes, and what may come on top. */
        Capacity: {
            /**
             * Format: int32
             * @description From 1 to 20; voice is 1.
             */
            at_once: number;
            /** @description Media whose contacts may still be offered while the agent works on one of this medium. */
            interrupted_by?: components["schemas"]["Medium"][];
            medium: components["schemas"]["Medium"];
        };
        /**
         * @description The way a contact came in. A channel leaves queue, routing, facts and reports untouched.
         * @enum {string}
         */
        Channel: "phone" | "web" | "callback" | "chat" | "email" | "task";
        Checked: {
            connected: boolean;
            /** @description What was reached, or what is wrong; for an administrator. */
            summary: string;
        };
        /** @enum {string} */
        CollectOutcome: "complete" | "partial" | "no_input";
        /** @description What may be picked where the schema says `"x-hotline": "queue"`, ... */
        ConfigurationChoices: {
            flow: string[];
            prompt: string[];
            queue: string[];
            secret: string[];
            skill: string[];
        };
        ConfigurationWish: {
            /** @description What changed, and why. */
            note?: string;
            value: Record<string, never>;
        };
        /** @description Something to be told to another system about a contact, once. */
        ConnectorJob: {
            connector: string;
            contact: components["schemas"]["ContactId"];
            created_at: components["schemas"]["Timestamp"];
            /** @description When it is run next. */
            due_at: components["schemas"]["Timestamp"];
            ended_at?: null | components["schemas"]["Timestamp"];
            /** @description What went wrong last. */
            problem?: string | null;
            /** @description What the other system calls what it stored. */
            result?: Record<string, never> | null;
            state: components["schemas"]["JobState"];
            /**
             * Format: int64
             * @description Begun so far.
             */
            tries: number;
            use_for: components["schemas"]["ConnectorUse"];
        };
        ConnectorStatus: {
            /** @description Those that the live version refers to. */
            asks_for: components["schemas"]["Secret"][];
            /** @description Those that were asked since the host started. */
            endpoints: components["schemas"]["EndpointStatus"][];
            name: string;
            /** @description Those that are set, by name. */
            secrets: components["schemas"]["PluginSecret"][];
            uses: components["schemas"]["ConnectorUse"][];
        };
        /**
         * @description What the host asks a connector by itself.
         * @enum {string}
         */
        ConnectorUse: "screen_pop" | "log_activity";
        Contact: components["schemas"]["ContactDetail"] & {
            live?: null | components["schemas"]["ContactLive"];
        };
        /** @description One contact with what lies beside it. */
        ContactDetail: components["schemas"]["ContactRow"] & {
            attributes: [
                string,
                string
            ][];
            /** @description Labels of the flow versions that it ran on, in order. */
            flow_versions: string[];
            media: components["schemas"]["LegMedia"][];
            recordings: components["schemas"]["Recording"][];
        };
        ContactId: string;
        ContactLive: components["schemas"]["Stage"] & {
            attributes: [
                string,
                string
            ][];
            caller: components["schemas"]["Personal"];
            channel: components["schemas"]["Channel"];
            dialled: string;
            flow: string;
            flow_version?: null | components["schemas"]["PluginVersion"];
            id: components["schemas"]["ContactId"];
            language?: string | null;
            started_at: components["schemas"]["Timestamp"];
        };
        /** @description A line of the list of contacts, shaped as the API gives it. */
        ContactRow: {
            /** @description In the order of the first segment. */
            agent_names: string[];
            answered_at?: null | components["schemas"]["Timestamp"];
            blame?: null | components["schemas"]["Blame"];
            caller: components["schemas"]["Personal"];
            channel: components["schemas"]["Channel"];
            dialled: string;
            disposition?: string | null;
            end_reason?: null | components["schemas"]["EndReason"];
            ended_at?: null | components["schemas"]["Timestamp"];
            flow: string;
            has_recording: boolean;
            id: components["schemas"]["ContactId"];
            /** @description In the order of the first visit. */
            queue_names: string[];
            started_at: components["schemas"]["Timestamp"];
            /** @description Over all segments. */
            talked_ms: components["schemas"]["Millis"];
            /** @description Over all queue visits. */
            waited_ms: components["schemas"]["Millis"];
        };
        /**
         * @description What one version of a plugin used for one contact. Of a decision about several waiting contacts
         *     each has an equal share of fuel and time.
         */
        ContactUsage: {
            /**
             * Format: int64
             * @description Calls that the contact had a part in.
             */
            calls: number;
            /**
             * Format: int64
             * @description Questions that came to nothing.
             */
            faults: number;
            /** Format: int64 */
            fuel: number;
            /** @description `name@digest`. */
            label: string;
            /** Format: int64 */
            most_memory_bytes: number;
            /** @description What it decides: `flow`, `policy`, `qa`, `connector`. */
            plugin_kind: string;
            /** Format: int64 */
            took_us: number;
            version: components["schemas"]["PluginVersion"];
        };
        Contacts: {
            items: components["schemas"]["ContactRow"][];
            /** @description None on the last page. */
            next_cursor?: string | null;
        };
        CoursePoint: {
            /** Format: double */
            mean_wait_s?: number | null;
            /**
             * Format: int32
             * @description Since midnight.
             */
            minute: number;
            /** Format: double */
            offered: number;
            /** Format: double */
            service_level?: number | null;
        };
        CreatedTask: {
            /** @description The task is a contact, with a timeline like any other. */
            contact: components["schemas"]["ContactId"];
        };
        /** @description Someone in the other system. */
        CrmContact: {
            company?: string | null;
            emails?: string[];
            fields?: [
                string,
                string
            ][];
            /** @description The other system's; none for someone whom it does not know yet. */
            id?: string | null;
            name: string;
            phones?: string[];
            /** @description A page of the other system that shows them: `https`. */
            url?: string | null;
        };
        CurrentTrial: {
            trial?: null | components["schemas"]["TrialResults"];
        };
        /** Format: date */
        Day: string;
        /** @description The same hours on several days of the week. */
        DayHours: {
            days: components["schemas"]["Weekday"][];
            hours: components["schemas"]["Hours"][];
        };
        /** @description What one version of a plugin used within a day for one purpose. */
        DayUsage: {
            /**
             * Format: int64
             * @description Questions that it was given, well answered or not.
             */
            calls: number;
            /** @description `2026-11-22`, UTC. */
            day: components["schemas"]["Day"];
            /** @description Questions that came to nothing, also those that it was not given. */
            faults: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Fuel of all calls together: about one unit an instruction.
             */
            fuel: number;
            /** @description `name@digest`. */
            label: string;
            /**
             * Format: int64
             * @description Of the slowest call.
             */
            longest_us: number;
            /**
             * Format: int64
             * @description Of the dearest call.
             */
            most_fuel: number;
            /**
             * Format: int64
             * @description The largest linear memory of a call.
             */
            most_memory_bytes: number;
            /** @description What it decides: `flow`, `policy`, `qa`, `connector`. */
            plugin_kind: string;
            purpose: components["schemas"]["UsagePurpose"];
            /**
             * Format: int64
             * @description Time on the worker's thread of all calls together.
             */
            took_us: number;
            version: components["schemas"]["PluginVersion"];
        };
        Decision: {
            assign: components["schemas"]["AgentId"];
        } | {
            /** @description Leave this queue for another, by name. */
            overflow: string;
        } | {
            /**
             * @description Leave this queue for a flow (a bot, say), by its name in the flows folder: the contact goes
             *     on in it from its `started` event, with its attributes.
             */
            flow: string;
        } | "callback" | "voicemail" | "keep_waiting" | {
            /** @description What the policy said makes no sense, in words that name the agent as it did: overruled. */
            invalid: string;
        };
        /** @description A decision of routing, with the queue that it was made for. */
        DecisionRow: {
            fact: components["schemas"]["Fact"];
            /** @description None when the queue's own fact has not been projected. */
            queue_name?: string | null;
        };
        Decisions: {
            items: components["schemas"]["DecisionRow"][];
        };
        /**
         * @description With what an agent speaks.
         * @enum {string}
         */
        Device: "browser" | "desk_phone";
        Diagnostic: {
            /** @description Stable and dotted, e.g. `admission.import`. */
            code: string;
            /**
             * Format: int32
             * @description From 1, in characters.
             */
            column?: number | null;
            /** @description What to do about it. */
            hint?: string | null;
            /**
             * Format: int32
             * @description In characters.
             */
            length?: number | null;
            /**
             * Format: int32
             * @description From 1; none where a file has no lines (a component).
             */
            line?: number | null;
            message: string;
            /** @description Below the flows root, e.g. `demo/main.flow.yaml`. */
            path: string;
            severity: components["schemas"]["Severity"];
        };
        Difference: {
            figure: components["schemas"]["Figure"];
            /** @description The policy that it is compared with. */
            from: string;
            group: components["schemas"]["Group"];
            /** Format: double */
            high: number;
            /**
             * Format: double
             * @description The ends of the interval that holds it with a confidence of 95 %, by Student's t.
             */
            low: number;
            /**
             * Format: double
             * @description The mean over replications of `policy` minus `from`, both on the same contacts.
             */
            mean: number;
            policy: string;
        };
        Digest: string;
        /**
         * @description Why a contact or a leg ended.
         * @enum {string}
         */
        EndReason: "caller_hung_up" | "caller_cancelled" | "agent_hung_up" | "flow_hung_up" | "callback_booked" | "message_left" | "flow_rejected" | "completed" | "withdrawn" | "no_queue" | "busy" | "declined" | "no_answer" | "not_found" | "no_common_codec" | "forbidden" | "far_end_failed" | "media_lost" | "overloaded" | "turned_away" | "too_long" | "internal_error" | "host_restart";
        EndpointStatus: {
            breaker: components["schemas"]["BreakerState"];
            /** Format: int64 */
            failures: number;
            name: string;
            /** Format: int64 */
            requests: number;
        };
        /**
         * Format: int32
         * @description Raised by one at each start of a tenant's switchboard; fences an owner that lost its lease.
         */
        Epoch: number;
        /** @description A mean over replications. */
        Estimate: {
            /** Format: double */
            mean: number;
            /**
             * Format: double
             * @description The standard deviation over replications / the root of their number; none of one alone.
             */
            standard_error?: number | null;
        };
        Event: {
            cursor: string;
            fact: components["schemas"]["Fact"];
        };
        Events: {
            items: components["schemas"]["Event"][];
            /** @description Ask again with it to follow. */
            next_cursor?: string | null;
        };
        /** @description A holiday, or a day with hours of its own. */
        Exception: {
            /**
             * Format: date
             * @description `2026-12-25`.
             */
            date: string;
            /** @description Empty: closed all day. */
            hours?: components["schemas"]["Hours"][];
            /** @description What it is called: "Christmas Day", "春节". */
            name: string;
        };
        /** @description One request with its answer, its tries taken together. */
        Exchange: {
            at: components["schemas"]["Timestamp"];
            detail?: string | null;
            endpoint: string;
            /** @description The word that the guest got, and what exactly was wrong. */
            failure?: string | null;
            from_cache: boolean;
            method: string;
            request_body?: null | components["schemas"]["Body"];
            request_headers: [
                string,
                string
            ][];
            response_body?: null | components["schemas"]["Body"];
            response_headers: [
                string,
                string
            ][];
            /**
             * Format: int32
             * @description None when no answer came.
             */
            status?: number | null;
            took_ms: components["schemas"]["Millis"];
            /**
             * Format: int32
             * @description 0 when the answer came from the cache.
             */
            tries: number;
            /** @description With the references in place of secrets. */
            url: string;
        };
        Exchanges: {
            /** @description The newest first; at most 50 are kept, since the host started. */
            items: components["schemas"]["Exchange"][];
        };
        ExclusionTotal: {
            /** Format: int32 */
            agents: number;
            /** @description `skill`, `ring`, `level`, ..., or the agents' state; see [`Exclusion::kind`]. */
            kind: string;
        };
        Fact: components["schemas"]["What"] & {
            agent?: null | components["schemas"]["AgentId"];
            at: components["schemas"]["Timestamp"];
            contact?: null | components["schemas"]["ContactId"];
            epoch: components["schemas"]["Epoch"];
            sequence: components["schemas"]["Sequence"];
            tenant: components["schemas"]["TenantId"];
        };
        /**
         * @description How an adviser failed. The switchboard falls back on each alike; authors are shown which.
         * @enum {string}
         */
        FaultKind: "not_loaded" | "out_of_fuel" | "timed_out" | "out_of_memory" | "stack_overflow" | "trapped" | "too_much" | "nonsense" | "declared" | "overloaded" | "suspended";
        FieldProblem: {
            field: string;
            message: string;
        };
        /** @enum {string} */
        Figure: "offered" | "answered" | "abandoned" | "refused" | "left" | "called_back" | "reached" | "service_level" | "abandoned_share" | "probability_of_wait" | "mean_wait_s" | "wait_p50_s" | "wait_p90_s" | "wait_p95_s" | "wait_p99_s" | "asa_s" | "aht_s" | "occupancy" | "transferred_share" | "total_wait_s";
        /** @description What figures are about. */
        Group: "all" | "urgent" | {
            queue: string;
        };
        GroupReport: {
            /** @description A figure that nothing can be said of is missing. */
            figures: {
                [key: string]: components["schemas"]["Estimate"];
            };
            group: components["schemas"]["Group"];
        };
        /**
         * @description Open from the beginning of one minute to the beginning of another, by the wall clock. `to` at or
         *     before `from` is on the next day: hours belong to the day on which they begin, and a holiday
         *     there does not cut them short. A time that the clocks skip is the moment at which they skip it;
         *     of one that comes twice, a house opens at the first and closes at the second.
         */
        Hours: {
            from: components["schemas"]["TimeOfDay"];
            to: components["schemas"]["TimeOfDay"];
        };
        /** @description Whether a queue's business hours let contacts in. */
        HoursLive: {
            /** @enum {string} */
            state: "always";
        } | {
            /** @enum {string} */
            state: "open";
            until?: null | components["schemas"]["Timestamp"];
        } | {
            /** @enum {string} */
            state: "closed";
            until?: null | components["schemas"]["Timestamp"];
        } | {
            /** @enum {string} */
            state: "unknown";
            why: string;
        };
        /**
         * @description What holds at every instant; checked after each input while the host runs.
         * @enum {string}
         */
        Invariant: "liveness" | "conservation" | "double_booking" | "ghost_offer" | "starvation";
        /** @enum {string} */
        JobState: "waiting" | "done" | "given_up";
        Jobs: {
            items: components["schemas"]["ConnectorJob"][];
        };
        /** @description Names a version of a policy. */
        Kept: {
            policy: string;
            /** @description Its label, `name@digest`, or its id. */
            version: string;
        };
        /** @description Who a connector says that the customer of a contact is; several when more than one fits. */
        KnownCustomers: {
            connector: string;
            contact: components["schemas"]["ContactId"];
            /** @description Best fit first; at most 3. */
            customers: components["schemas"]["CrmContact"][];
        };
        /** @description Who spoke with this customer last comes first. */
        LastAgentRule: {
            /** @description How long the contact waits for that agent alone, while they are signed in and not paused. */
            wait_ms: components["schemas"]["Millis"];
            /** @description How long ago the talk may have ended. */
            within_ms: components["schemas"]["Millis"];
        };
        LatestWhatIf: {
            what_if?: null | components["schemas"]["WhatIfStatus"];
        };
        LegId: string;
        LegMedia: {
            leg: components["schemas"]["LegId"];
            statistics: components["schemas"]["MediaStatistics"];
        };
        /**
         * @description The kinds of call that have limits of their own.
         * @enum {string}
         */
        LimitedCall: "flow_step" | "routing" | "qa" | "qa_live" | "connector";
        Line: {
            flow: string;
            number: string;
        };
        Lines: {
            display_name: string;
            /** @description STUN and TURN servers for the page's connection. */
            ice_servers: string[];
            language: string;
            lines: components["schemas"]["Line"][];
        };
        /** @enum {string} */
        LookupOutcome: "found" | "nothing" | "timed_out" | "failed";
        /** @description The signed-in person. */
        Me: {
            display_name: string;
            /** @description STUN and TURN servers for the console's connection. */
            ice_servers: string[];
            id: components["schemas"]["UserId"];
            /** @description None unless the person has chosen one; their browser's is then the best guess. */
            language?: string | null;
            role: components["schemas"]["Role"];
            tenant: components["schemas"]["MyTenant"];
            user_name: string;
        };
        /** @description What a leg's media was like over its life (RFC 3550 terms, measured on what we received). */
        MediaStatistics: {
            /**
             * Format: double
             * @description Interarrival jitter, RFC 3550 section 6.4.1, in milliseconds.
             */
            jitter_ms: number;
            /**
             * Format: int64
             * @description The longest silence between two packets, in milliseconds.
             */
            largest_gap_ms: number;
            /**
             * Format: int64
             * @description Expected minus received, RFC 3550 appendix A.3; late and doubled packets do not count twice.
             */
            packets_lost: number;
            /** Format: int64 */
            packets_received: number;
            /** Format: int64 */
            packets_sent: number;
        };
        /**
         * @description What kind of attention a channel takes: capacity and interruption are counted by it.
         * @enum {string}
         */
        Medium: "voice" | "chat" | "email" | "task";
        /** @description An agent's place in a queue. */
        Membership: {
            /** @description Only contacts that have waited this long. */
            after_ms?: components["schemas"]["Millis"];
            /**
             * Format: int32
             * @description 1 comes first: while someone whom this agent could serve waits in a queue of a lower number,
             *     this queue's contacts are not offered to them.
             */
            level?: number;
            queue: components["schemas"]["QueueId"];
        };
        /** @description What one version of a plugin used for one purpose. */
        Metered: {
            /**
             * Format: int64
             * @description Questions that it was given, well answered or not.
             */
            calls: number;
            /** @description Questions that came to nothing, also those that it was not given. */
            faults: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Fuel of all calls together: about one unit an instruction.
             */
            fuel: number;
            kind: components["schemas"]["PluginKind"];
            /** @description `name@digest`. */
            label: string;
            /**
             * Format: int64
             * @description Of the slowest call.
             */
            longest_us: number;
            /**
             * Format: int64
             * @description Of the dearest call.
             */
            most_fuel: number;
            /**
             * Format: int64
             * @description The largest linear memory of a call.
             */
            most_memory_bytes: number;
            purpose: components["schemas"]["UsagePurpose"];
            /** @description Whether it failed so often in a row that it is left alone at present. */
            suspended: boolean;
            /**
             * @description How many calls took at most so long as each of [`TOOK_BUCKETS_US`], and more than the one
             *     before; the last counts those that took longer than all.
             */
            took: number[];
            /**
             * Format: int64
             * @description Time on the worker's thread of all calls together.
             */
            took_us: number;
            version: components["schemas"]["PluginVersion"];
        };
        /**
         * Format: int64
         * @description A length of time in milliseconds.
         */
        Millis: number;
        /** @description How one invariant has fared since the switchboard started. */
        MonitorLive: {
            /**
             * Format: int64
             * @description Contacts and agents that it was checked for.
             */
            checked: number;
            invariant: components["schemas"]["Invariant"];
            /** Format: int64 */
            violated: number;
        };
        MyTenant: {
            display_name: string;
            id: components["schemas"]["TenantId"];
            name: string;
        };
        NewCall: {
            /** @description One of the tenant's click-to-call lines. */
            number: string;
            /** @description The browser's SDP offer, with its candidates gathered. */
            sdp: string;
        };
        NewToken: components["schemas"]["TokenItem"] & {
            /** @description Shown this once. */
            secret: string;
        };
        /** @description One node of a flow's picture, for the console. */
        Node: {
            id: string;
            /** @description `menu`, `say`, `queue`, ... chooses the symbol. */
            kind: string;
            /** @description Label and target of each way on. */
            next: [
                string,
                string
            ][];
            title: string;
        };
        /** @description A number that callers may dial. */
        Number: {
            /** @description Whether a web page may call it without credentials. */
            click_to_call: boolean;
            /** @description The user part of the SIP address, as dialled (`100`, `+4930123`). */
            dialled: string;
            /** @description The flow that answers it, by its name in the flows folder. */
            flow: string;
        };
        NumberWish: {
            /** @description Whether a web page may call it without credentials. */
            click_to_call?: boolean;
            /** @description The name of a flow in the tenant's folder. */
            flow: string;
        };
        Numbers: {
            items: components["schemas"]["Number"][];
        };
        /**
         * @description How an offer ended.
         * @enum {string}
         */
        OfferEnd: "accepted" | "rejected" | "timed_out" | "abandoned" | "device_failed";
        OfferId: string;
        OfferLive: {
            attributes: [
                string,
                string
            ][];
            caller: components["schemas"]["Personal"];
            channel: components["schemas"]["Channel"];
            contact: components["schemas"]["ContactId"];
            offer: components["schemas"]["OfferId"];
            queue: components["schemas"]["QueueId"];
            queue_name: string;
            rings_until: components["schemas"]["Timestamp"];
            waited_ms: components["schemas"]["Millis"];
        };
        /** @description What becomes of a contact that a queue will not have, or have any longer. */
        Otherwise: "tell_flow" | {
            queue: components["schemas"]["QueueId"];
        } | "callback" | "voicemail" | "hang_up";
        /** @description One thing that a plugin may do. */
        Permission: {
            en: string;
            /** @description Names all that was accepted: another id is another permission, even when sentences agree. */
            id: string;
            zh: string;
        };
        /** @description How a version's permissions differ from those of the active one. */
        PermissionChanges: {
            /** @description To be accepted before the version is staged. */
            added: components["schemas"]["Permission"][];
            removed: components["schemas"]["Permission"][];
        };
        Personal: string;
        PluginConfiguration: {
            choices: components["schemas"]["ConfigurationChoices"];
            /** @description What the plugin says about itself. */
            description: components["schemas"]["Text"];
            /** @description JSON Schema (2020-12), in its author's order; none when the plugin takes any object. */
            schema?: Record<string, never> | null;
            value: Record<string, never>;
            /** @description The label of the active version, whose this is. */
            version: string;
        };
        /** @description One decision about one contact that would have been another. */
        PluginDifference: {
            /** @description As JSON, cut where it is long. */
            active: string;
            /** @description The time that the question was of. */
            at: components["schemas"]["Timestamp"];
            /** @description As JSON; or why the candidate failed. */
            candidate: string;
            contact?: null | components["schemas"]["ContactId"];
            failed: boolean;
            /** @description `step 3`, `rank`, `decide`, ... */
            question: string;
        };
        /** @description A failed call of a plugin: what, and a sentence for its author. */
        PluginFault: {
            kind: components["schemas"]["FaultKind"];
            message: string;
        };
        PluginFaultItem: components["schemas"]["PluginFaultKept"] & {
            /**
             * @description Runs the call again on the plugin of the folder that one is in, once its file is there. Ends
             *     alike, unless the fault was `timed_out`: that is the host's clock, which a replay does not have.
             */
            command: string;
        };
        /** @description A failed call that is kept. */
        PluginFaultKept: {
            at: components["schemas"]["Timestamp"];
            /** @description Functions of the guest, the one that failed first; empty when it tells no names. */
            backtrace: string[];
            contact?: null | components["schemas"]["ContactId"];
            /** @description What the contract calls the function: `step`, `rank`, ... */
            function: string;
            /** @description Digits, `-` and letters. */
            id: string;
            kind: string;
            message: string;
            usage: components["schemas"]["Usage"];
            version?: null | components["schemas"]["PluginVersion"];
        };
        PluginFaults: {
            /** @description The newest first; at most 20 are kept, for as long as recorded calls are. */
            items: components["schemas"]["PluginFaultItem"][];
        };
        /**
         * @description What a plugin decides.
         * @enum {string}
         */
        PluginKind: "flow" | "policy" | "qa" | "connector" | "language";
        /** @description What a tenant's plugins may use. */
        PluginPlan: {
            limits: components["schemas"]["CallLimits"][];
            /** @description As the operator calls it; none: the usual limits. */
            name?: string | null;
        };
        /**
         * @description Calls of the active version are kept whole, with what the plugin saw: also what callers keyed in
         *     where the flow did not mark it as sensitive.
         */
        PluginRecording: {
            /**
             * Format: int32
             * @description For how long at most; none with 0.
             * @default 168
             */
            hours: number;
            /**
             * Format: int32
             * @description About how many of the last calls are kept; none with 0.
             * @default 1000
             */
            last: number;
        };
        /** @description All that can be read of a secret: that there is one. */
        PluginSecret: {
            name: string;
            set_at: components["schemas"]["Timestamp"];
            set_by?: null | components["schemas"]["UserId"];
        };
        /** @description Of one plugin of one tenant. */
        PluginSettings: {
            /** @default null */
            gate: null | components["schemas"]["ReplayGate"];
            /**
             * @default {
             *       "hours": 168,
             *       "last": 1000
             *     }
             */
            recording: components["schemas"]["PluginRecording"];
        };
        /** @description What the API and the console show of a plugin. */
        PluginStatus: {
            candidate?: null | components["schemas"]["CandidateStatus"];
            kind: components["schemas"]["PluginKind"];
            /** @description `name@digest` of the live version. */
            label?: string | null;
            live?: null | components["schemas"]["PluginVersion"];
            name: string;
            /** @description Below the flows root, e.g. `demo/main.flow.yaml`. */
            path: string;
            /** @description Of the live version; empty when it draws none. */
            picture: components["schemas"]["Node"][];
            /** @description Why the file as it is now was refused; the live version is an older one then. */
            problem?: components["schemas"]["Diagnostic"][] | null;
            settings: components["schemas"]["PluginSettings"];
            since?: null | components["schemas"]["Timestamp"];
            /** @description Newest first. */
            versions: components["schemas"]["VersionStatus"][];
            /** @description About the live version, and what is written in it. */
            warnings: components["schemas"]["Diagnostic"][];
        };
        PluginUsage: {
            /**
             * @description A row for each version that was asked and what it was run for; the shipped plugins' as far as they worked for this
             *     tenant.
             */
            items: components["schemas"]["Metered"][];
        };
        /** @description The exact code behind an answer: a component, and the artifact it interprets if it is a script. */
        PluginVersion: {
            artifact?: null | components["schemas"]["Digest"];
            component: components["schemas"]["Digest"];
            /** @description The plugin's name in the tenant's flows folder (`main`), or `built-in`. */
            name: string;
        };
        Plugins: {
            items: components["schemas"]["PluginStatus"][];
        };
        PolicyReport: {
            /** @description Over the day, by local time; intervals without contacts are left out. */
            course: components["schemas"]["CoursePoint"][];
            /** @description Times, per replication, that the policy failed or was overruled. */
            faults: components["schemas"]["Estimate"];
            groups: components["schemas"]["GroupReport"][];
            name: string;
            /** @description The same of the urgent; empty without any. */
            urgent_waits: components["schemas"]["WaitShare"][];
            /**
             * Format: int64
             * @description Times, in all replications, that the switchboard's monitors found what must never be.
             */
            violations: number;
            /** @description The share of answered and abandoned visits that waited longer, falling. */
            waits: components["schemas"]["WaitShare"][];
        };
        /** @description A policy's last word on a waiting contact. */
        PolicySaid: {
            at: components["schemas"]["Timestamp"];
            decision?: null | components["schemas"]["Decision"];
            reasons: string[];
            usage: components["schemas"]["Usage"];
            version?: null | components["schemas"]["PluginVersion"];
        };
        /** @description The body of every error: `application/problem+json`. */
        Problem: {
            /** @description Stable, for programs. */
            code: string;
            /** @description What was wrong this time, and what to do. */
            detail: string;
            /** @description The fields that were wrong, when it was fields. */
            errors?: components["schemas"]["FieldProblem"][];
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            title: string;
            /** @description Where this kind of error is explained: `docs/errors.md`, served at `/errors`. */
            type: string;
        };
        Qualification: {
            id: components["schemas"]["AgentId"];
            name: string;
            unmet?: null | components["schemas"]["SkillExpression"];
        };
        Qualifying: {
            /** @description Every agent asked about, by name. */
            agents: components["schemas"]["Qualification"][];
            /** @description The expression as it is kept. */
            expression: components["schemas"]["SkillExpression"];
            /** @description The skills that it asks for. */
            needs: components["schemas"]["SkillNeed"][];
        };
        Queue: {
            id: components["schemas"]["QueueId"];
            /**
             * Format: int32
             * @description Contacts that may wait at once, callbacks included; the next one is refused as `queue-full`.
             */
            max_waiting: number;
            /** @description What waiting callers hear: a file below `prompts`, or none for the built-in music. */
            music?: string | null;
            /** @description Unique in the tenant; what flows say. */
            name: string;
            /** @description The routing policy's name in the flows folder; none means the shipped skills policy. */
            policy?: string | null;
            /** @description How often a waiting caller's flow is told position and expected wait. */
            progress_every_ms: components["schemas"]["Millis"];
            /** @description How long an agent's device rings before the contact is offered to another. */
            ring_timeout_ms: components["schemas"]["Millis"];
            rules?: components["schemas"]["QueueRules"];
            /** @description The service level's threshold T. */
            service_level_ms: components["schemas"]["Millis"];
            /** @description Who qualifies: ring 1. */
            skills?: components["schemas"]["SkillExpression"];
            wrap_up_ms?: null | components["schemas"]["Millis"];
        };
        /** @description What a queue is made of or changed to: [`Queue`] without its id. */
        QueueDraft: {
            /** Format: int32 */
            max_waiting: number;
            music?: string | null;
            name: string;
            policy?: string | null;
            progress_every_ms: components["schemas"]["Millis"];
            ring_timeout_ms: components["schemas"]["Millis"];
            rules?: components["schemas"]["QueueRules"];
            service_level_ms: components["schemas"]["Millis"];
            /** @description Who qualifies: `english >= 4 and (cards >= 2 or loans)`; empty for anyone. */
            skills?: components["schemas"]["SkillExpression"];
            wrap_up_ms?: null | components["schemas"]["Millis"];
        };
        QueueId: string;
        QueueItem: components["schemas"]["Queue"] & {
            live?: null | components["schemas"]["QueueLive"];
        };
        QueueLive: {
            /** Format: int64 */
            abandoned: number;
            /**
             * Format: int32
             * @description With something in hand: offered, handled or wrapped up.
             */
            agents_busy: number;
            /** Format: int32 */
            agents_paused: number;
            /** Format: int32 */
            agents_ready: number;
            /** Format: int64 */
            answered: number;
            expected_wait_ms?: null | components["schemas"]["Millis"];
            hours: components["schemas"]["HoursLive"];
            id: components["schemas"]["QueueId"];
            name: string;
            oldest_wait_ms: components["schemas"]["Millis"];
            /**
             * Format: int64
             * @description Since the switchboard started.
             */
            queued: number;
            refused: components["schemas"]["RefusedLive"];
            /**
             * Format: double
             * @description Answered within T / (answered + abandoned), since the switchboard started; none before any.
             */
            service_level?: number | null;
            /** Format: int32 */
            waiting: number;
        };
        QueueName: {
            id: components["schemas"]["QueueId"];
            name: string;
        };
        /**
         * @description Why a queue would not have a contact, or not any longer.
         * @enum {string}
         */
        QueueRefusal: "full" | "closed" | "empty" | "timed_out";
        /** @description What a queue does besides lining up its contacts. By default nothing. */
        QueueRules: {
            /** @default null */
            callback: null | components["schemas"]["CallbackRule"];
            /** @default null */
            first_progress_ms: null | components["schemas"]["Millis"];
            /**
             * @description The calendar of its business hours, by name; none means always open. Whoever waits when it
             *     closes stays.
             * @default null
             */
            hours: string | null;
            /** @default null */
            last_agent: null | components["schemas"]["LastAgentRule"];
            /**
             * @description A waiting contact leaves when that becomes true. Empty: never. (Asterisk's `leavewhenempty`.)
             * @default []
             */
            leave_when: components["schemas"]["Unavailability"][];
            /** @default null */
            max_wait_ms: null | components["schemas"]["Millis"];
            /** @default tell_flow */
            on_closed: components["schemas"]["Otherwise"];
            /** @default tell_flow */
            on_empty: components["schemas"]["Otherwise"];
            /** @default tell_flow */
            on_full: components["schemas"]["Otherwise"];
            /** @default tell_flow */
            on_max_wait: components["schemas"]["Otherwise"];
            /** @default 0 */
            redial_within_ms: components["schemas"]["Millis"];
            /**
             * @description A contact is refused as `queue-empty` when at least one of these is true of each of the
             *     queue's agents, or there is no agent. Empty: never. (Asterisk's `joinempty`.)
             * @default []
             */
            refuse_when: components["schemas"]["Unavailability"][];
            /**
             * @description Rings 2, 3, ...: who joins those who qualify after a wait. An agent of an inner ring who
             *     becomes free comes before one of an outer ring.
             * @default []
             */
            rings: components["schemas"]["Ring"][];
        };
        Queues: {
            items: components["schemas"]["QueueItem"][];
        };
        Recording: {
            /** Format: int64 */
            bytes?: number | null;
            id: components["schemas"]["RecordingId"];
            length_ms?: null | components["schemas"]["Millis"];
            started_at: components["schemas"]["Timestamp"];
        };
        RecordingId: string;
        /**
         * @description What a recording is of.
         * @enum {string}
         */
        RecordingPurpose: "contact" | "message";
        /** @description Contacts that the queue would not have, or not any longer, since the switchboard started. */
        RefusedLive: {
            /** Format: int64 */
            closed: number;
            /** Format: int64 */
            empty: number;
            /** Format: int64 */
            full: number;
            /** Format: int64 */
            timed_out: number;
        };
        /** @description What a replay must have come to before a version is made active. */
        ReplayGate: {
            /**
             * Format: double
             * @description Contacts for whom it decides otherwise, 0 to 100.
             * @default 100
             */
            max_changed_percent: number;
            /**
             * Format: int32
             * @description Contacts that must have been replayed.
             * @default 0
             */
            min_contacts: number;
        };
        ReplayReport: {
            /** @description The first of them. */
            differences: components["schemas"]["PluginDifference"][];
            /**
             * Format: int64
             * @description Over all calls, in units: of the active version as recorded, and of the candidate.
             */
            fuel_active: number;
            /** Format: int64 */
            fuel_candidate: number;
            /**
             * Format: int64
             * @description What one call may use.
             */
            fuel_limit: number;
            /**
             * Format: int64
             * @description Of the candidate's costliest call.
             */
            highest_fuel: number;
            summary: components["schemas"]["Replayed"];
        };
        /** @description What a replay came to. Kept with the version. */
        Replayed: {
            /** @description The version that was active then. */
            active: components["schemas"]["Digest"];
            at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Recorded calls that were put to the candidate.
             */
            calls: number;
            /** @description Whether there was time for all of them. */
            complete: boolean;
            /** Format: int32 */
            contacts: number;
            /**
             * Format: int32
             * @description Of those: decided about otherwise.
             */
            contacts_changed: number;
            /**
             * Format: int32
             * @description Calls that the candidate failed.
             */
            faults: number;
            /**
             * Format: int32
             * @description Recorded calls that could not be: of contacts that were not recorded from their beginning,
             *     or that had gone another way before; or the active version had failed.
             */
            not_comparable: number;
        };
        Report: {
            /** @description Of each further policy from the first. */
            differences: components["schemas"]["Difference"][];
            policies: components["schemas"]["PolicyReport"][];
            /** Format: int32 */
            replications: number;
            /**
             * Format: int64
             * @description Repeats the report, with the same scenario and program.
             */
            seed: number;
            title: string;
        };
        /** @description Who joins after a wait. */
        Ring: {
            /** @description Counted from the beginning of the visit. */
            after_ms: components["schemas"]["Millis"];
            /**
             * @description Instead of the queue's own; empty is any agent of the queue. What the contact itself asks
             *     for is dropped with it.
             */
            skills: components["schemas"]["SkillExpression"];
        };
        /**
         * @description What a person may do; each may what the one before may.
         * @enum {string}
         */
        Role: "agent" | "supervisor" | "admin";
        RollBack: {
            reason?: string;
            /** @description By its id or label; the one that was active before when none is named. */
            version?: string | null;
        };
        Rollback: {
            /** @description `flow`, `policy`, ... */
            kind: components["schemas"]["PluginKind"];
            /** @description The label of a version that is kept, `name@digest`. */
            version: string;
        };
        /** @description One routing decision, explained. */
        RoutingDecided: {
            /** @description At most 12. */
            candidates: components["schemas"]["AgentId"][];
            /** Format: int32 */
            candidates_total?: number;
            chosen?: null | components["schemas"]["AgentId"];
            /**
             * Format: int32
             * @description The level of the queue for the chosen agent; 1 comes first.
             */
            chosen_level?: number | null;
            /**
             * Format: int32
             * @description The innermost ring that the chosen agent belongs to.
             */
            chosen_ring?: number | null;
            /** @description Agents of the queue who were left out, and why; the first 12. */
            excluded: [
                string,
                {
                    /** @description Lacks the skill at the level, in every ring. */
                    skill: string;
                } | {
                    /** @description Signed in but in this state (`paused`, `talking`, ...). */
                    state: string;
                } | "no_device" | "already_offered" | {
                    /** @description Qualifies from this ring on, which opens then. */
                    ring: {
                        opens_at: components["schemas"]["Timestamp"];
                        /** Format: int32 */
                        ring: number;
                    };
                } | {
                    /** @description Someone whom they could serve waits in this queue, which comes first for them. */
                    level: {
                        contact: components["schemas"]["ContactId"];
                        queue: components["schemas"]["QueueId"];
                    };
                } | {
                    /** @description Serves contacts of this queue only from then on. */
                    delay: {
                        until: components["schemas"]["Timestamp"];
                    };
                } | {
                    /** @description Until then the contact waits for this agent alone. */
                    preferred: {
                        agent: components["schemas"]["AgentId"];
                        until: components["schemas"]["Timestamp"];
                    };
                } | {
                    /** @description Has as many contacts of this medium as they take. */
                    capacity: components["schemas"]["Medium"];
                }
            ][];
            held_until?: null | components["schemas"]["Timestamp"];
            reasons: string[];
            /**
             * Format: int32
             * @description The ring that the visit had reached, from 1; 0 in facts from before there were rings.
             */
            ring?: number;
            scores: components["schemas"]["Score"][];
            usage: components["schemas"]["Usage"];
            version?: null | components["schemas"]["PluginVersion"];
            visit: components["schemas"]["VisitId"];
        };
        Score: {
            agent: components["schemas"]["AgentId"];
            /** @description Name and share of each part; they add up to the total. */
            parts: [
                string,
                number
            ][];
            /** Format: double */
            total: number;
        };
        Secret: {
            description?: components["schemas"]["Text"];
            /** @description Small letters, digits and `-`; `{{secret:NAME}}` in a request's header, query or body. */
            name: string;
        };
        SecretWish: {
            /** @description Sealed at once; nobody can read it again. */
            value: string;
        };
        SegmentId: string;
        /**
         * Format: int64
         * @description Counts a tenant's facts within an epoch, from 1.
         */
        Sequence: number;
        SessionId: string;
        /** @enum {string} */
        Severity: "error" | "warning";
        ShadowCounts: {
            /**
             * Format: int64
             * @description Questions that both answered.
             */
            compared: number;
            /**
             * Format: int64
             * @description Of those: decided otherwise.
             */
            differed: number;
            /**
             * Format: int64
             * @description Questions that it was not asked because too many waited.
             */
            dropped: number;
            /**
             * Format: int64
             * @description Of those: the candidate failed.
             */
            faults: number;
            /**
             * Format: int64
             * @description Fuel of its costliest call.
             */
            highest_fuel: number;
            /**
             * Format: int64
             * @description Steps that it could not be asked: the contact began before the trial, or had gone another
             *     way already.
             */
            not_comparable: number;
        };
        SignIn: {
            password: string;
            /** @description The tenant's name, as in its sign-in address. */
            tenant: string;
            user_name: string;
        };
        SignedIn: {
            me: components["schemas"]["Me"];
            /** @description For programs; browsers keep the cookie. */
            token: string;
        };
        Skill: {
            /**
             * Format: int32
             * @description Proficiency from 1 to 10.
             */
            level: number;
            name: string;
        };
        /** @description Who qualifies: `english >= 4 and (cards >= 2 or loans) and not trainee`; empty for anyone. */
        SkillExpression: string;
        /** @description A skill at a least level. */
        SkillNeed: {
            /**
             * Format: int32
             * @description From 1 to 10.
             */
            at_least: number;
            skill: string;
        };
        /** @description Whom a canary answers for. */
        Split: {
            /**
             * Format: int32
             * @description 1 to 99 of a hundred contacts. Who was among 5 is among 20.
             */
            percent: number;
        } | {
            /** @description Contacts of these callers, as the network writes them (`+4930123456`). */
            callers: string[];
        };
        /** @description Where a contact is. */
        Stage: {
            /** @enum {string} */
            stage: "in_flow";
        } | {
            expected_wait_ms?: null | components["schemas"]["Millis"];
            offered_to?: null | components["schemas"]["AgentId"];
            /** Format: int32 */
            position: number;
            queue: components["schemas"]["QueueId"];
            queue_name: string;
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "waiting";
        } | {
            agent: components["schemas"]["AgentId"];
            /** @description The customer is being called, and has not answered. */
            calling: boolean;
            segment: components["schemas"]["SegmentId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "talking";
        } | {
            /** @enum {string} */
            stage: "resting";
        };
        StartedCall: {
            call: components["schemas"]["LegId"];
            sdp: string;
            /** @description To follow and to end this call; only its page knows it. */
            token: string;
        };
        TaskDraft: {
            /** @description What the agent is shown, and policies may decide by; at most 64. */
            attributes?: {
                [key: string]: string;
            };
            /** @description Whom the work is for: a number, an e-mail address, a ticket. */
            customer?: string;
            parent?: null | components["schemas"]["ContactId"];
            /**
             * Format: int32
             * @description From -1000 to 1000; the highest comes first.
             */
            priority?: number;
            queue: components["schemas"]["QueueId"];
            /** @description Besides what the queue requires. */
            skills?: components["schemas"]["SkillExpression"];
        };
        TenantId: string;
        /** @description A sentence or two for people, in the console's languages. */
        Text: {
            /** @default  */
            en: string;
            /** @default  */
            "zh-CN": string;
        };
        TimeOfDay: string;
        Timeline: {
            items: components["schemas"]["Fact"][];
        };
        /**
         * Format: int64
         * @description An instant: milliseconds since 1970-01-01 UTC.
         */
        Timestamp: number;
        TokenItem: {
            created_at: components["schemas"]["Timestamp"];
            expires_at?: null | components["schemas"]["Timestamp"];
            id: components["schemas"]["SessionId"];
            name: string;
            scopes: string[];
        };
        TokenWish: {
            expires_at?: null | components["schemas"]["Timestamp"];
            name: string;
            /** @description `supervisor` reads everything, `admin` also changes the set-up. */
            role: components["schemas"]["Role"];
        };
        Tokens: {
            items: components["schemas"]["TokenItem"][];
        };
        /** @description Where a version shall stand, and why. */
        Transition: {
            /** @description At most 500 bytes are kept. */
            reason?: string;
            /**
             * @description `{"staged": {"accept": ["..."]}}`, `"shadow"`, `{"canary": {"split": {"percent": 5}}}` or
             *     `{"canary": {"split": {"callers": ["+49..."]}}}`, `"active"`, `"quarantined"`.
             */
            to: components["schemas"]["VersionWish"];
        };
        /**
         * @description What one group of contacts came to: those of the candidate, or those of the active version in
         *     the same time.
         */
        TrialGroup: {
            /** Format: int64 */
            abandoned: number;
            /**
             * Format: int64
             * @description Answered within the queue's service level time.
             */
            answered_in_time: number;
            /** Format: int64 */
            calls: number;
            /** Format: int64 */
            contacts: number;
            /** Format: int64 */
            faults: number;
            /**
             * Format: int64
             * @description Over all calls.
             */
            fuel: number;
            /**
             * Format: int64
             * @description Of the costliest call.
             */
            highest_fuel: number;
            /**
             * Format: int64
             * @description Queue visits that were answered or abandoned.
             */
            visits: number;
        };
        /** @description What came of a trial so far. */
        TrialResults: {
            canary: components["schemas"]["TrialGroup"];
            /**
             * Format: int64
             * @description Contacts that both decided about in shadow.
             */
            contacts: number;
            /**
             * Format: int64
             * @description Of those: decided about otherwise.
             */
            contacts_differing: number;
            /** @description Contacts of the active version in the same time. */
            control: components["schemas"]["TrialGroup"];
            /** @description The first of them. */
            differences: components["schemas"]["PluginDifference"][];
            /** @description Why it rolls itself back. */
            failed?: string | null;
            /**
             * Format: int64
             * @description What one call may use, in units.
             */
            fuel_limit: number;
            /** @description The version on trial. */
            id: components["schemas"]["Digest"];
            label: string;
            shadow: components["schemas"]["ShadowCounts"];
            since: components["schemas"]["Timestamp"];
            stage: components["schemas"]["TrialStage"];
        };
        TrialStage: "shadow" | {
            canary: {
                limits: components["schemas"]["CanaryLimits"];
                split: components["schemas"]["Split"];
            };
        };
        /**
         * @description Why an agent of a queue does not count as someone to wait for (Asterisk's `app_queue`, whose
         *     words these are).
         * @enum {string}
         */
        Unavailability: "paused" | "penalty" | "in_use" | "ringing" | "unavailable" | "invalid" | "unknown" | "wrap_up";
        /**
         * @description The form; or send the file itself as the body, as `application/wasm` or, of a script, as
         *     `application/yaml` or another text.
         */
        UploadForm: {
            /** @description A JSON object; without it that of the active version. */
            config?: string | null;
            /**
             * Format: binary
             * @description The component, or the script of a flow: one in a language of the tenant's own is called
             *     `NAME.flow.LANGUAGE`.
             */
            file: string;
            note?: string | null;
        };
        /** @description What one call of a plugin cost. */
        Usage: {
            /**
             * Format: int64
             * @description Deterministic instruction count (Wasmtime fuel).
             */
            fuel: number;
            /**
             * Format: int64
             * @description Largest linear memory, in bytes.
             */
            memory_bytes: number;
            /**
             * Format: int64
             * @description Time on the worker thread, in microseconds.
             */
            took_us: number;
        };
        UsageByDay: {
            /** @description A row for each day, version that was asked and what it was run for; the newest day first. */
            items: components["schemas"]["DayUsage"][];
            /** @description None on the last page. */
            next_cursor?: string | null;
        };
        UsageOfContact: {
            /** @description A row for each version that was asked about it. */
            items: components["schemas"]["ContactUsage"][];
        };
        /**
         * @description What a plugin was run for.
         * @enum {string}
         */
        UsagePurpose: "contacts" | "shadow" | "replay" | "admission";
        User: {
            /** @description Contacts at once by medium; one call and nothing else when empty. */
            capacity: components["schemas"]["Capacity"][];
            display_name: string;
            has_desk_phone: boolean;
            id: components["schemas"]["UserId"];
            /** @description BCP 47; none means the tenant's. */
            language?: string | null;
            /** @description The queues that the user serves, each with its level and delay. */
            queues: components["schemas"]["Membership"][];
            role: components["schemas"]["Role"];
            skills: components["schemas"]["Skill"][];
            /** @description Unique in the tenant; compared without case. */
            user_name: string;
        };
        UserId: string;
        /** @description A user, with the secrets that are to be set. */
        UserWish: {
            /** @description Contacts at once by medium; one call and nothing else when empty. */
            capacity?: components["schemas"]["Capacity"][];
            /** @description For the agent's SIP phone, at least 10 characters; an empty one takes the phone away. */
            desk_phone_password?: string | null;
            display_name: string;
            /** @description BCP 47; the tenant's when absent. */
            language?: string | null;
            /** @description At least 8 characters; needed for a new user, else the old one stays. */
            password?: string | null;
            /** @description The queues that the user serves. */
            queues?: components["schemas"]["Membership"][];
            role: components["schemas"]["Role"];
            skills?: components["schemas"]["Skill"][];
            user_name: string;
        };
        Users: {
            items: components["schemas"]["User"][];
        };
        UsesWish: {
            uses: components["schemas"]["ConnectorUse"][];
        };
        /** @description A version with all that is known of it. */
        Version: components["schemas"]["VersionStatus"] & {
            /** @description Ids of permissions that were accepted for it. */
            accepted: string[];
            /** @description Every change of its state, oldest first: when, to what, by whom, and why. */
            history: components["schemas"]["VersionChange"][];
            kind: components["schemas"]["PluginKind"];
            /** @description Of its file, or its upload. */
            path: string;
            /**
             * @description How that differs from the active version's. What is added has to be accepted, by its ids,
             *     when the version is staged.
             */
            permission_changes: components["schemas"]["PermissionChanges"];
            /** @description What it asks for beyond what every plugin has, in plain sentences. */
            permissions: components["schemas"]["Permission"][];
            replayed?: null | components["schemas"]["Replayed"];
            /** @description Why it was rejected, or what its admission warned of. */
            report: components["schemas"]["AdmissionFinding"][];
        };
        /** @description One change of a version's state. */
        VersionChange: {
            at: components["schemas"]["Timestamp"];
            by: components["schemas"]["Actor"];
            reason: string;
            to: components["schemas"]["VersionState"];
        };
        /** @enum {string} */
        VersionState: "uploaded" | "admitted" | "compiled" | "staged" | "shadow" | "canary" | "active" | "draining" | "retired" | "rejected" | "quarantined";
        VersionStatus: {
            /** @description Who brought it. */
            by: components["schemas"]["Actor"];
            /**
             * Format: int32
             * @description Contacts that are on it now.
             */
            contacts: number;
            /** @description Of the code and its configuration. */
            id: components["schemas"]["Digest"];
            imported_at: components["schemas"]["Timestamp"];
            /** @description `name@digest` of the code: what people say; the newest of that label is meant. */
            label: string;
            live: boolean;
            /** @description What they said of it. */
            note: string;
            state: components["schemas"]["VersionState"];
            version: components["schemas"]["PluginVersion"];
        };
        /** @description Where a version shall stand. */
        VersionWish: {
            /** @description Ready for a trial or for service; also back from a trial, and out of quarantine. */
            staged: {
                /** @description Ids of the permissions that are accepted with this. */
                accept?: string[];
            };
        } | "shadow" | {
            canary: {
                limits?: components["schemas"]["CanaryLimits"];
                split: components["schemas"]["Split"];
            };
        } | "active" | "quarantined";
        Violations: {
            /** @description Facts of the kind `invariant_violated`. */
            items: components["schemas"]["Fact"][];
        };
        /**
         * @description How a queue visit ended.
         * @enum {string}
         */
        VisitEnd: "answered" | "abandoned" | "overflowed" | "dequeued" | "callback" | "voicemail" | "refused" | "ended";
        VisitId: string;
        WaitShare: {
            /** Format: int32 */
            longer_than_s: number;
            /** Format: double */
            share: number;
        };
        Waiting: {
            why?: null | components["schemas"]["WhyWaiting"];
        };
        /** @enum {string} */
        Weekday: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
        /** @description The kinds of fact. `kind` is the stable word in the API, the journal and SQL. */
        What: {
            body: {
                caller: components["schemas"]["Personal"];
                channel: components["schemas"]["Channel"];
                dialled: string;
                /** @description Empty for one that was refused, and for a channel without flows. */
                flow: string;
                leg?: null | components["schemas"]["LegId"];
                parent?: null | components["schemas"]["ContactId"];
            };
            /** @enum {string} */
            kind: "contact_started";
        } | {
            /** @enum {string} */
            kind: "contact_answered";
        } | {
            body: {
                attributes: [
                    string,
                    string
                ][];
            };
            /** @enum {string} */
            kind: "attributes_set";
        } | {
            body: {
                reason: components["schemas"]["EndReason"];
            };
            /** @enum {string} */
            kind: "contact_ended";
        } | {
            body: {
                actions: string[];
                event: string;
                /** Format: int64 */
                step: number;
                trace: string[];
                usage: components["schemas"]["Usage"];
                version: components["schemas"]["PluginVersion"];
            };
            /** @enum {string} */
            kind: "flow_stepped";
        } | {
            /**
             * @description Its flow's next event went to another version than the one before: a newer one took the
             *     contact over, or stood in for one that failed.
             */
            body: {
                from: components["schemas"]["PluginVersion"];
                to: components["schemas"]["PluginVersion"];
            };
            /** @enum {string} */
            kind: "flow_moved";
        } | {
            /** @description `keys` is none for a sensitive input: then only the length is history. */
            body: {
                keys?: string | null;
                /** Format: int32 */
                length: number;
                outcome: components["schemas"]["CollectOutcome"];
            };
            /** @enum {string} */
            kind: "keys_collected";
        } | {
            /** @description An adviser failed and the built-in behaviour took over. */
            body: {
                fault: components["schemas"]["PluginFault"];
                plugin: string;
                usage: components["schemas"]["Usage"];
                version?: null | components["schemas"]["PluginVersion"];
            };
            /** @enum {string} */
            kind: "plugin_faulted";
        } | {
            /** @enum {string} */
            kind: "safe_flow_entered";
        } | {
            body: {
                place_since?: null | components["schemas"]["Timestamp"];
                /** Format: int32 */
                priority: number;
                queue: components["schemas"]["QueueId"];
                queue_name: string;
                /** @description What the contact itself asks for, besides what the queue requires. */
                skills?: components["schemas"]["SkillExpression"];
                visit: components["schemas"]["VisitId"];
            };
            /** @enum {string} */
            kind: "queue_entered";
        } | {
            /** @description A queue would not have the contact, or not any longer; what became of it follows. */
            body: {
                queue: components["schemas"]["QueueId"];
                queue_name: string;
                why: components["schemas"]["QueueRefusal"];
            };
            /** @enum {string} */
            kind: "queue_refused";
        } | {
            body: {
                /** Format: double */
                base: number;
                reasons: string[];
                /** Format: double */
                slope: number;
                usage: components["schemas"]["Usage"];
                version?: null | components["schemas"]["PluginVersion"];
                visit: components["schemas"]["VisitId"];
            };
            /** @enum {string} */
            kind: "queue_ranked";
        } | {
            /**
             * @description A policy's lookups came back: which were in time for the first ranking, and what failed.
             *     What they found is about a person and is not written down.
             */
            body: {
                failed: [
                    string,
                    string
                ][];
                found: string[];
                late: boolean;
                took_ms: components["schemas"]["Millis"];
                visit: components["schemas"]["VisitId"];
            };
            /** @enum {string} */
            kind: "looked_up";
        } | {
            /** @description Something that the flow looked up. What was found is about a person and is not written down. */
            body: {
                outcome: components["schemas"]["LookupOutcome"];
                /** @description Why it failed. */
                problem?: string | null;
                /** @description `history`, `table tiers`, `crm find-contact`. */
                source: string;
                took_ms: components["schemas"]["Millis"];
            };
            /** @enum {string} */
            kind: "flow_looked_up";
        } | {
            body: {
                how: components["schemas"]["VisitEnd"];
                queue: components["schemas"]["QueueId"];
                visit: components["schemas"]["VisitId"];
                waited_ms: components["schemas"]["Millis"];
            };
            /** @enum {string} */
            kind: "queue_left";
        } | {
            /** @description What must hold at every instant did not. Service goes on. */
            body: {
                agents: components["schemas"]["AgentId"][];
                contacts: components["schemas"]["ContactId"][];
                detail: string;
                invariant: components["schemas"]["Invariant"];
                /** @description The last inputs that led to it, oldest first. */
                trail: string[];
            };
            /** @enum {string} */
            kind: "invariant_violated";
        } | {
            body: components["schemas"]["RoutingDecided"];
            /** @enum {string} */
            kind: "routing_decided";
        } | {
            body: {
                offer: components["schemas"]["OfferId"];
                queue: components["schemas"]["QueueId"];
                ring_timeout_ms: components["schemas"]["Millis"];
                visit: components["schemas"]["VisitId"];
            };
            /** @enum {string} */
            kind: "offer_made";
        } | {
            body: {
                how: components["schemas"]["OfferEnd"];
                offer: components["schemas"]["OfferId"];
                rang_ms: components["schemas"]["Millis"];
            };
            /** @enum {string} */
            kind: "offer_ended";
        } | {
            body: {
                leg?: null | components["schemas"]["LegId"];
                queue: components["schemas"]["QueueId"];
                segment: components["schemas"]["SegmentId"];
            };
            /** @enum {string} */
            kind: "agent_connected";
        } | {
            body: {
                segment: components["schemas"]["SegmentId"];
                talked_ms: components["schemas"]["Millis"];
            };
            /** @enum {string} */
            kind: "segment_ended";
        } | {
            body: {
                disposition?: string | null;
                note: string;
                segment: components["schemas"]["SegmentId"];
                wrapped_ms: components["schemas"]["Millis"];
            };
            /** @enum {string} */
            kind: "wrap_up_ended";
        } | {
            body: {
                leg: components["schemas"]["LegId"];
                reason: components["schemas"]["EndReason"];
            };
            /** @enum {string} */
            kind: "leg_ended";
        } | {
            body: {
                leg: components["schemas"]["LegId"];
                statistics: components["schemas"]["MediaStatistics"];
            };
            /** @enum {string} */
            kind: "leg_measured";
        } | {
            body: {
                purpose?: components["schemas"]["RecordingPurpose"];
                recording: components["schemas"]["RecordingId"];
            };
            /** @enum {string} */
            kind: "recording_started";
        } | {
            body: {
                /** Format: int64 */
                bytes: number;
                length_ms: components["schemas"]["Millis"];
                recording: components["schemas"]["RecordingId"];
            };
            /** @enum {string} */
            kind: "recording_finished";
        } | {
            /** @description Who a connector says that is; nobody, several, or why it does not say. */
            body: {
                connector: string;
                /** @description Best fit first; at most 3. */
                customers: components["schemas"]["CrmContact"][];
                problem?: string | null;
            };
            /** @enum {string} */
            kind: "customer_looked_up";
        } | {
            /** @description The customer is to be called back by this contact, and keeps the place. */
            body: {
                callback: components["schemas"]["ContactId"];
                queue: components["schemas"]["QueueId"];
            };
            /** @enum {string} */
            kind: "callback_booked";
        } | {
            /** @description We call the customer; an answer is `contact_answered`, none is `leg_ended`. */
            body: {
                leg: components["schemas"]["LegId"];
            };
            /** @enum {string} */
            kind: "customer_called";
        } | {
            /** @description The customer left a message; `queue` is where they had waited. */
            body: {
                length_ms: components["schemas"]["Millis"];
                queue?: null | components["schemas"]["QueueId"];
                recording: components["schemas"]["RecordingId"];
            };
            /** @enum {string} */
            kind: "message_left";
        } | {
            body: {
                from: string;
                to: components["schemas"]["AgentState"];
            };
            /** @enum {string} */
            kind: "agent_state_changed";
        } | {
            /**
             * @description A pause was asked for that begins when what the agent has in hand is done; none: it was
             *     taken back. Nothing new is offered meanwhile.
             */
            body: {
                reason?: string | null;
            };
            /** @enum {string} */
            kind: "pause_next";
        } | {
            body: {
                device: components["schemas"]["Device"];
                up: boolean;
            };
            /** @enum {string} */
            kind: "device_changed";
        } | {
            body: {
                reason: string;
                request: string;
            };
            /** @enum {string} */
            kind: "request_refused";
        };
        /** @description What was recorded, beside what the policies would have made of it. */
        WhatIf: {
            /** @description What really happened; a single day has no standard errors. */
            recorded: components["schemas"]["PolicyReport"];
            /** @description What was simulated; differences are from the first policy. */
            simulated: components["schemas"]["Report"];
        };
        WhatIfId: string;
        /** @enum {string} */
        WhatIfState: "preparing" | "simulating" | "done" | "failed" | "cancelled";
        WhatIfStatus: {
            /**
             * Format: int32
             * @description Replications played, over all policies.
             */
            done: number;
            id: components["schemas"]["WhatIfId"];
            /** Format: int32 */
            of: number;
            /** @description Why it failed. */
            problem?: string | null;
            result?: null | components["schemas"]["WhatIf"];
            started_at: components["schemas"]["Timestamp"];
            state: components["schemas"]["WhatIfState"];
            wish: components["schemas"]["Wish"];
        };
        /** @description A policy that can be played. */
        Which: "shipped" | "built_in" | "first_in_first_out" | {
            /** @description By its name in the flows folder, whether a queue uses it or not. */
            live: string;
        } | {
            /** @description A version that is kept: uploaded and never in service, staged, or retired. */
            version: components["schemas"]["Kept"];
        };
        /** @description Why a contact still waits, at one instant: the answer to a supervisor's question. */
        WhyWaiting: {
            at: components["schemas"]["Timestamp"];
            /** @description Who could be given it now, longest idle first; at most 32. */
            candidates: components["schemas"]["AgentId"][];
            /** Format: int32 */
            candidates_total: number;
            contact: components["schemas"]["ContactId"];
            /** @description A policy is deciding now. */
            deciding: boolean;
            /** @description The queue's other agents and what keeps each out; at most 32. */
            excluded: [
                string,
                {
                    /** @description Lacks the skill at the level, in every ring. */
                    skill: string;
                } | {
                    /** @description Signed in but in this state (`paused`, `talking`, ...). */
                    state: string;
                } | "no_device" | "already_offered" | {
                    /** @description Qualifies from this ring on, which opens then. */
                    ring: {
                        opens_at: components["schemas"]["Timestamp"];
                        /** Format: int32 */
                        ring: number;
                    };
                } | {
                    /** @description Someone whom they could serve waits in this queue, which comes first for them. */
                    level: {
                        contact: components["schemas"]["ContactId"];
                        queue: components["schemas"]["QueueId"];
                    };
                } | {
                    /** @description Serves contacts of this queue only from then on. */
                    delay: {
                        until: components["schemas"]["Timestamp"];
                    };
                } | {
                    /** @description Until then the contact waits for this agent alone. */
                    preferred: {
                        agent: components["schemas"]["AgentId"];
                        until: components["schemas"]["Timestamp"];
                    };
                } | {
                    /** @description Has as many contacts of this medium as they take. */
                    capacity: components["schemas"]["Medium"];
                }
            ][];
            /** @description All of those, by kind of exclusion. */
            excluded_totals: components["schemas"]["ExclusionTotal"][];
            expected_wait_ms?: null | components["schemas"]["Millis"];
            held_until?: null | components["schemas"]["Timestamp"];
            next_ring_at?: null | components["schemas"]["Timestamp"];
            offered_to?: null | components["schemas"]["AgentId"];
            /**
             * Format: int32
             * @description The place in line, from 1.
             */
            position: number;
            preferred?: null | components["schemas"]["AgentId"];
            preferred_until?: null | components["schemas"]["Timestamp"];
            queue: components["schemas"]["QueueId"];
            queue_name: string;
            /** @description Within its business hours; true where it has none. */
            queue_open: boolean;
            /**
             * Format: int32
             * @description The ring that the visit has reached, from 1.
             */
            ring: number;
            said?: null | components["schemas"]["PolicySaid"];
            since: components["schemas"]["Timestamp"];
            visit: components["schemas"]["VisitId"];
        };
        /** @description What is to be compared on which traffic. */
        Wish: {
            from: components["schemas"]["Timestamp"];
            /**
             * @description 1 to 4, each once; the first is what the others are compared with. Each decides for every
             *     queue.
             */
            policies: components["schemas"]["Which"][];
            /**
             * Format: int32
             * @description How often each is played, 2 to 20: what was not seen (how long somebody would have gone on
             *     waiting) is drawn anew each time.
             */
            replications?: number;
            /** @description Not included; at most seven days after `from`. */
            to: components["schemas"]["Timestamp"];
        };
        /** @description One contact that an agent has in hand. */
        Work: components["schemas"]["WorkStage"] & {
            contact: components["schemas"]["ContactId"];
            medium: components["schemas"]["Medium"];
        };
        /** @description How far a contact is that an agent has in hand. Each counts towards the agent's capacity. */
        WorkStage: {
            offer: components["schemas"]["OfferId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "offered";
        } | {
            segment: components["schemas"]["SegmentId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "handling";
        } | {
            segment: components["schemas"]["SegmentId"];
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "wrap_up";
            until?: null | components["schemas"]["Timestamp"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    agent_page: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentPage"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_agent_audio: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AudioOffer"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AudioAnswer"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_agent_audio: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_request: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused, with the reason */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agents"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_calendars: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendars"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarDraft"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_configuration_choices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChoices"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connector: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectorStatus"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_connector: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checked"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_connector_exchanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchanges"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_connector_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Jobs"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_connector_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_connector_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                secret: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretWish"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_connector_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_connector_uses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UsesWish"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_contacts: {
        parameters: {
            query?: {
                state?: null | ("open" | "ended");
                /** @description Contacts that were in this queue. */
                queue?: null | components["schemas"]["QueueId"];
                /** @description Contacts that this agent handled. */
                agent?: null | components["schemas"]["AgentId"];
                /** @description The caller's address begins with this. */
                caller?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description 1 to 500; 50 when absent. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contacts"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contact_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": unknown;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contact_timeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contact_usage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageOfContact"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contact_waiting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waiting"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description The cursor of the last fact already known; from the first fact when absent. */
                after?: string | null;
                /** @description 1 to 500; 50 when absent. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_flows: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugins"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roll_back_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rollback"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: {
                /** @description Facts after this cursor are sent first. */
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description messages with a `type`: hello, agent, live, fact, plugin; pong after each text of the client */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_numbers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Numbers"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dialled: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberWish"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Number"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dialled: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plugin_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginPlan"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_plugins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugins"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginStatus"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plugin_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginConfiguration"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_plugin_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfigurationWish"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_plugin_faults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginFaults"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plugin_fault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
                fault: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plugin_recorded: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roll_back_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollBack"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    configure_plugin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PluginSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginSettings"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plugin_trial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentTrial"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_plugin_version: {
        parameters: {
            query?: {
                /** @description What is said of this version, when the body is the file itself. */
                note?: string;
                /**
                 * @description What a script is written in, when the body is the file itself: the end of its name,
                 *     `main.flow.LANGUAGE`. `yaml` when it is not said.
                 */
                language?: string | null;
            };
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["UploadForm"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plugin_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_plugin_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayReport"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_plugin_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["PluginKind"];
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Transition"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_public_call: {
        parameters: {
            query: {
                /** @description The token that the call began with. */
                token: string;
            };
            header?: never;
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `CallState` messages */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_public_call: {
        parameters: {
            query: {
                /** @description The token that the call began with. */
                token: string;
            };
            header?: never;
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    public_lines: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lines"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    public_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCall"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartedCall"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queues"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_queue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueDraft"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueDraft"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_decisions: {
        parameters: {
            query?: {
                /** @description 1 to 500; 50 when absent. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decisions"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_violations: {
        parameters: {
            query?: {
                /** @description 1 to 500; 50 when absent. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Violations"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    latest_what_if: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestWhatIf"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_what_if: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wish"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatIfStatus"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_what_if: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatIfStatus"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_what_if: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_skills: {
        parameters: {
            query?: {
                /** @description `english >= 4 and (cards >= 2 or loans)`; empty for anyone. */
                expression?: string;
                /** @description Only the agents of this queue. */
                queue?: null | components["schemas"]["QueueId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Qualifying"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_task: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskDraft"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedTask"];
                };
            };
            /** @description Refused, with the reason: the queue is full, for instance */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_task: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: an agent works on it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenWish"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_usage_by_day: {
        parameters: {
            query?: {
                /** @description The first day, UTC; 29 days before the last when absent. */
                first?: null | components["schemas"]["Day"];
                /** @description The last day, UTC; today when absent. */
                last?: null | components["schemas"]["Day"];
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description 1 to 500; 50 when absent. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageByDay"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_plugin_usage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginUsage"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Users"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserWish"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserWish"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
