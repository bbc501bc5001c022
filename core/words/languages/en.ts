import type { Direction } from '../words.ts';

/** English, from which the other languages are translated. Names in braces are replaced when a text is shown. */
export const words = {
  direction: 'ltr' as Direction,

  /** What several pages say. */
  common: {
    continue: 'Continue',
    errorTitle: 'Error: {title}',
    privacy: 'Privacy',
    terms: 'Terms',
    support: 'Support',
  },

  /** The page that asks for an address. */
  signIn: {
    title: 'Sign in to {name}',
    lead: 'We’ll email you a code. No password needed.',
    address: 'Email address',
    submit: 'Continue',
    invalid: 'That doesn’t look like an email address. Check it and try again.',
    forwarding:
      'An address with %, ! or =? before the @ can lead to someone else. Enter the address where your email arrives.',
    noMail: '{domain} doesn’t accept email. Check the part after the @.',
    signInFirst: 'Sign in first.',
    passkey: 'Sign in with a passkey',
    passkeyFailed: 'No passkey was used. Try again, or continue with your email address.',
    passkeyRefused: 'That passkey didn’t work. Try again, or continue with your email address.',
    passkeyRemoved: 'We don’t know that passkey. It may have been removed. Continue with your email address instead.',
  },

  /** The page that asks for the code. */
  code: {
    title: 'Check your email',
    sent: 'If {address} can sign in here, we’ve sent a code there. It expires in {time}.',
    sentAgain: 'If {address} can sign in here, we’ve sent another code there. Only the newest code works.',
    label: 'Code',
    submit: 'Continue',
    spam: 'Didn’t get it? Check your spam folder.',
    resend: 'Resend code',
    otherAddress: 'Use a different email',
    still: 'Still nothing?',
    stopped: 'If email to this address has bounced or was marked as spam, we’ve stopped sending it. {help}',
    askContact: 'Contact {contact} to turn it back on.',
    askOperator: 'Ask the people who run {name} to turn it back on.',
    busy: 'When many people sign up at once, a new address may have to wait. Try again in an hour.',
    requestFirst: 'Request a code first.',
    unreadable:
      'That isn’t a code. A code has 8 letters and numbers, and never I, L, O, 0 or 1. This didn’t count as an attempt.',
    earlier: 'That’s an earlier code. Use the newest one. This didn’t count as an attempt.',
    wrong: {
      one: 'That code isn’t right. Check it and try again. {count} attempt left.',
      other: 'That code isn’t right. Check it and try again. {count} attempts left.',
    },
    resendLater: 'You can request another code in {time}.',
    tooMany: 'Too many attempts from your network. Try again in {time}.',
  },

  /** The pages about sign-in through an outside provider. */
  provider: {
    continueWith: 'Continue with {provider}',
    failedTitle: 'Your organization’s sign-in didn’t work',
    failed:
      'We couldn’t sign you in with {provider}. Nothing was changed. Try again. If it keeps happening, tell the people who run {name} and mention this reference: {id}',
    stopped:
      '{provider} didn’t sign you in. You may have canceled, or your account there may have no access to {name}. Nothing was changed. Reference: {id}',
    unreachable: '{provider} isn’t responding right now. Nothing was changed. Try again in a minute. Reference: {id}',
    noAddress:
      '{provider} didn’t give us an email address that we can use. Add one to your account there, or sign in another way. Reference: {id}',
    recycled:
      'Someone else at {provider} already signs in here with your email address. Tell the people who run {name} and mention this reference: {id}',
    notAllowed:
      'Your account at {provider} isn’t allowed to sign in here. If you think it should be, tell the people who run {name} and mention this reference: {id}',
    otherWindow:
      'This sign-in was already used, or it was started in another window or browser. Start again from the app. Reference: {id}',
    again: 'Try again',
    otherWay: 'Sign in another way',
    proveTitle: 'Confirm your email address',
    prove:
      '{provider} says that {address} is your email address. We’ll email a code there, once, to make sure it’s yours.',
    mailCode: 'Email me a code',
  },

  /** The page that asks for consent. */
  consent: {
    title: '{client} wants to access your {name} account',
    unnamed: 'An app without a name',
    thisDevice:
      'This app runs on this device, and any program can use its name. Continue only if you started this yourself.',
    client: 'App',
    published: 'Published by {host}',
    ofOperator: 'Added by {name}',
    unverified: 'Unverified. Anyone can use this name.',
    usedHere: 'Used here',
    usedByNobody: 'You’re the first to connect it.',
    usedBy: { one: '{count} person has connected it.', other: '{count} people have connected it.' },
    since: 'First connected on {date}.',
    destination: 'You’ll be sent to',
    onThisDevice: 'a program on this device ({address})',
    allows: 'This will allow {client} to:',
    read: 'Read-only',
    change: 'Make changes',
    allowedBefore: 'You last allowed this app on {date}.',
    before: 'allowed before',
    nothing: 'Your organization doesn’t let you share any of what this app is asking for.',
    backToApp: 'Back to the app',
    trust: 'Make sure you trust {client}. {name} doesn’t run it. You can disconnect the app at any time.',
    cancel: 'Cancel',
    allow: 'Allow',
    chooseOne: 'Select at least one, or cancel.',
    signedInAs: 'Signed in as {address}.',
    notYou: 'Not you? Switch account',
  },

  /** What a page that decides something says when it is clicked too soon. */
  settling: {
    tooSoon: 'Nothing happened: this page had only just appeared. Read it, then click again.',
  },

  /** The pages of a window whose sign-in is over. */
  closed: {
    usedTitle: 'You’re signed in',
    used: 'This code has already been used, so you don’t need it anymore.',
    allowedTitle: 'You’ve already allowed this',
    cancelledTitle: 'You’ve already canceled this',
    answered: 'The app has your answer, and it can’t be changed here. You can close this window.',
    waiting: 'If the app is still waiting, continue to send your answer again.',
    expiredTitle: 'This page has expired',
    expired: 'You have {time} to sign in, and that time is up.',
    pushedOutTitle: 'Too many windows',
    pushedOut: {
      one: 'You can have {count} sign-in window open. You opened more, so we closed this one.',
      other: 'You can have up to {count} sign-in windows open. You opened more, so we closed this one, the oldest.',
    },
    elsewhereTitle: 'Continue in your other browser',
    elsewhere: 'This sign-in was started in another browser, or this browser blocked our cookie.',
    elsewhereNext:
      'Continue in the browser where you started. Or allow cookies for this site, go back to the app and connect again.',
    unknownTitle: 'We don’t know this sign-in',
    connectAgain: 'Go back to the app and connect again.',
    startAgain: 'Start again',
    orConnectAgain: 'Or go back to the app and connect again.',
  },

  /** The page before somebody is sent back to an app that nobody vouches for. */
  leaving: {
    title: 'This request can’t be completed',
    refused: 'An app sent you here with a request that we can’t accept. Nothing was shared.',
    tellSite: 'You can let the app know. This takes you to another site:',
    tellDevice: 'You can let the app know. This takes you to a program on this device:',
    destination: 'You’ll be sent to',
    warning: 'Continue only if you started this yourself.',
    onward: 'Continue to the app',
  },

  /** What went wrong, for a page. */
  problem: {
    details: 'Details for developers',
    tryAgain: 'Try again in {time}.',
    request: {
      title: 'This request can’t be completed',
      text: 'The app sent a request that we can’t accept. Go back to the app and connect again. If that doesn’t help, tell the people who make it.',
    },
    failed: {
      title: 'Something went wrong',
      text: 'That’s on us, not on you. Try again. If it keeps happening, mention this reference: {id}',
    },
    tooMany: {
      title: 'Too many attempts',
      text: 'Too many attempts from your network.',
    },
    gone: {
      title: 'This sign-in has ended',
      text: 'Go back to the app and connect again.',
    },
    foreign: {
      title: 'This form came from another site',
      text: 'For your safety, nothing was done. Go back to the app and connect again.',
    },
    tries: {
      title: 'Too many wrong codes',
      text: 'Go back to the app and connect again to get a new code.',
    },
    unknown: {
      title: 'We don’t know this app anymore',
      text: 'Go back to the app, remove the connection to {name}, then add it again.',
    },
    denied: {
      title: 'This app can’t connect',
      text: 'The people who run {name} don’t allow this app to connect.',
    },
    unreadable: {
      title: 'We can’t check this app',
      text: 'We couldn’t read what {host} says about this app. Try again later.',
    },
    beingRead: {
      title: 'One moment',
      text: 'We’re still reading what {host} says about this app.',
    },
    refused: {
      title: 'You can’t sign in here',
      text: 'This address isn’t allowed to sign in. If you think it should be, ask the people who run {name}.',
    },
    noPasskeys: {
      title: 'Passkeys are turned off',
      text: 'You can’t use passkeys with {name}. Sign in with a code instead.',
    },
    mail: {
      title: 'We couldn’t send your email',
      text: 'Our mail service isn’t responding.',
    },
  },

  /** The page of passkeys, and the offer to add one. */
  passkeys: {
    title: 'Passkeys',
    lead: 'Sign in to {name} with your fingerprint, face or screen lock instead of a code. Codes still work.',
    signedInAs: 'Signed in as {address}.',
    none: 'You don’t have any passkeys yet.',
    unused: 'Added {added}. Not used yet.',
    used: 'Added {added}. Last used {used}.',
    defaultName: 'Passkey',
    name: 'Name',
    rename: 'Rename',
    remove: 'Remove',
    add: 'Add a passkey',
    unsupported: 'This browser can’t add a passkey here.',
    known: 'This device already has a passkey for your account.',
    failed: 'No passkey was added. Try again.',
    tooOld: 'You can add a passkey within {time} of signing in.',
    reviewer: 'This account signs in with a reviewer’s password. It can’t have passkeys.',
    tooMany: 'You can have up to {count} passkeys. Remove one to add another.',
    tooOften: 'Your account has changed a lot lately, so nothing was added. Try again in an hour.',
    outOfDate: 'Nothing was changed, because this page was out of date. Try again.',
    unreadable: 'That passkey couldn’t be added. Try again, or use another device.',
    badName: 'Enter a name of up to {count} characters.',
    added: 'Passkey added. Next time, choose “Sign in with a passkey”.',
    renamed: 'Name changed.',
    removed: 'Passkey removed. You can also delete it from your device.',
    offerTitle: 'Sign in faster next time',
    offer: 'Add a passkey to use your fingerprint, face or screen lock instead of a code.',
    decline: 'Not now',
  },

  /** The account page. */
  account: {
    title: 'Your account',
    appsTitle: 'Connected apps',
    apps: 'These apps can use {name} as you. Disconnecting one takes effect right away.',
    noApps: 'No apps are connected.',
    can: 'Can',
    connected: 'Connected',
    lastActive: 'Last active',
    bound: 'Its access only works with a key that the app keeps.',
    here: 'from your current network',
    elsewhere: 'from another network',
    service: 'from the app’s own servers',
    disconnect: 'Disconnect',
    disconnectApp: 'Disconnect {client}',
    disconnectAll: 'Disconnect all apps',
    activityTitle: 'Recent activity',
    activityOf: 'Recent activity of {client}',
    activityOfAll: 'Recent activity of all apps',
    activity: {
      one: 'What apps did here as you, newest first. We keep this for {count} day.',
      other: 'What apps did here as you, newest first. We keep this for {count} days.',
    },
    noActivity: 'Nothing since {date}.',
    earlier: 'Show earlier',
    when: 'When',
    what: 'What',
    byApp: 'App',
    outcome: 'Outcome',
    goneApp: 'An app we don’t know anymore',
    allowed: 'Done',
    denied: 'Not allowed',
    callFailed: 'Didn’t work',
    started: 'Started',
    asked: 'You were asked first',
    declined: 'You said no',
    more: 'Show more',
    sessionsTitle: 'Where you’re signed in',
    browserOn: '{browser} on {system}',
    unknownBrowser: 'A browser',
    thisBrowser: 'This browser',
    signedIn: 'Signed in {time}',
    signOut: 'Sign out',
    signOutOf: 'Sign out {browser}',
    signOutOthers: 'Sign out all other browsers',
    passkeysLink: 'Add, rename or remove passkeys',
    language: 'Language of pages and emails',
    save: 'Save',
    everywhereTitle: 'Sign out everywhere',
    everywhere:
      'If something looks wrong, sign out of every browser, including this one, disconnect every app and remove every passkey at once.',
    signOutEverywhere: 'Sign out everywhere',
    deleteTitle: 'Delete your account',
    deleteLink: 'Delete your account',
    deleteLead:
      'Every app is disconnected and every browser signed out right away. Your passkeys, and what apps keep here for you, are deleted within a day. This can’t be undone.',
    deleteShared: 'What you share in an organization stays there.',
    deleteAdmin:
      'You’re an admin of your organization. If nobody else is, ask the people who run {name} to choose someone.',
    deleteRecord: {
      one: 'A record of what was done stays for {count} day. Your email address isn’t in it. Backups keep a copy for up to 35 days.',
      other:
        'A record of what was done stays for {count} days. Your email address isn’t in it. Backups keep a copy for up to 35 days.',
    },
    deleteConfirm: 'I understand that this can’t be undone.',
    deleteButton: 'Delete my account',
    deleteUnconfirmed: 'Nothing was deleted. Select the box to confirm first.',
    deleteReviewer: 'This account is for reviewers. Only the operator of this server can delete it.',
    deleteTooOld: 'To delete your account, first show that it’s you: sign in again, and you have {time}.',
    deletedTitle: 'Your account is closed',
    deleted:
      'Every app is disconnected and you’re signed out everywhere. Everything else is deleted within a day. We’ve emailed you about it.',
    deletedAnew: 'If you sign in again, you start with a new, empty account.',
    dataTitle: 'Your data',
    dataLink: 'Download your data',
    data: {
      one: 'Download what we keep about you: your account, connected apps, browsers and passkeys, what apps keep here for you, and what happened in your account in the last {count} day. It’s a JSON file that other programs can read.',
      other:
        'Download what we keep about you: your account, connected apps, browsers and passkeys, what apps keep here for you, and what happened in your account in the last {count} days. It’s a JSON file that other programs can read.',
    },
    dataShared: 'What you share in an organization belongs to it and isn’t in the file.',
    dataParts: 'A large account comes in several files. Each one ends with the address of the next.',
    dataNext: 'This is the next part of your data.',
    download: 'Download',
    back: 'Back to your account',
    disconnectedTitle: 'App disconnected',
    disconnected: 'It can no longer use {name} as you.',
    disconnectedBefore: 'It was already disconnected.',
    allDisconnectedTitle: 'All apps disconnected',
    allDisconnected: 'No app can use {name} as you anymore.',
    someLeftTitle: 'Some apps are still connected',
    someLeft: 'There were too many to disconnect at once. Go back and disconnect the rest.',
    unknownTitle: 'We can’t find that',
    unknown: 'It isn’t part of your account, or it’s already gone. Nothing was changed.',
    sessionEndedTitle: 'Signed out',
    sessionEnded: 'That browser is signed out.',
    sessionsEnded: 'All other browsers are signed out.',
    sessionEndedBefore: 'That browser was already signed out.',
    signedOutTitle: 'You’re signed out',
    signedOut: 'You’re signed out of this browser. Your apps stay connected.',
    everythingEndedTitle: 'You’re signed out everywhere',
    everythingEnded: 'Every browser is signed out, every app is disconnected and every passkey is removed.',
    signInAgain: 'Sign in again',
    expiredTitle: 'Sign in again',
    expired: 'You’re no longer signed in. Nothing was changed.',
    outdatedTitle: 'This page is out of date',
    outdated: 'You’ve signed in again since it was opened. Nothing was changed.',
    formRefused: 'We couldn’t accept that form, so nothing was changed. Go back to your account and try again.',
    pageGoneTitle: 'There’s no such page',
    pageGone: 'Go back to your account.',
  },

  /** The mail with a code. */
  codeMail: {
    subject: '{code} is your {name} code',
    title: 'Your {name} code',
    how: 'Enter it on the page that asked for it within {time}. Don’t share it with anyone.',
    who: 'Someone at {ip} is connecting {destination} to {name} as {address}.',
    account: 'Someone at {ip} is signing in to the {name} account of {address}.',
    notYou: 'Not you? Ignore this email. Nothing happens without the code.',
    thisDevice: 'a program on their device',
  },

  /** The mails that tell of something new. */
  notice: {
    connectionSubject: 'New connection to your {name} account',
    connection: 'You connected {destination} to {name} as {address}.',
    connectionAllows: 'It can now:',
    browserSubject: 'New sign-in to {name}',
    browser: 'Someone signed in to {name} as {address} in a browser we hadn’t seen before.',
    passkeyAddedSubject: 'A passkey was added to your {name} account',
    passkeyAdded:
      'Someone signed in to {name} as {address} added a passkey. It signs in to your account without a code.',
    passkeyRemovedSubject: 'A passkey was removed from your {name} account',
    passkeyRemoved:
      'Someone signed in to {name} as {address} removed a passkey. It no longer signs in to your account.',
    linkedSubject: 'A sign-in was linked to your {name} account',
    linked:
      'Someone signed in to {name} as {address} through an outside provider. From now on, that sign-in opens your account.',
    accountDeletedSubject: 'Your {name} account is closed',
    accountDeleted:
      'Someone signed in to {name} as {address} deleted the account. Everything in it is being deleted, which can’t be undone.',
    notYouDeleted:
      'If it wasn’t, tell the people who run {name} right away, and secure this mailbox: someone else may be able to read it.',
    when: 'When: {time}',
    from: 'From: {ip}',
    you: 'If this was you, you don’t need to do anything.',
    notYou: 'If it wasn’t, tell the people who run {name} right away. They can undo it and sign you out everywhere.',
    thisDevice: 'a program on your device',
  },

  /** The page that says how to connect. */
  home: {
    title: 'Connect to {name}',
    lead: 'Add this address to your app. Your browser opens, you sign in, and you choose what the app may do.',
    up: 'The server was up when it sent you this page. {health} has its status right now.',
    copy: 'Copy',
    copied: 'Copied',
    copyThis: 'Copy {text}',
    clientsTitle: 'Choose your app',
    addTo: 'Add to {client}',
    run: 'Run this in a terminal:',
    orRun: 'Or run this in a terminal:',
    orFile: 'Or add this to {file}:',
    claude:
      'Or go to Customize → Connectors → + → Add custom connector, and paste the address. In a team, an owner adds it first.',
    claudeCode: 'Then enter {command} in Claude Code, select this server and choose Authenticate.',
    chatgpt:
      'Turn on Settings → Apps → Advanced settings → Developer mode. Then choose Create app, paste the address and select OAuth.',
    codex: 'If your browser doesn’t open by itself, run {command}.',
    gemini: 'Then enter {command} in Gemini CLI.',
    windsurf: 'Add this to {file}, then refresh the MCP servers in Cascade:',
    zed: 'Open your settings with {command} and add this. Zed then asks you to sign in.',
    inspector: 'It opens in your browser. Connect there, and sign in.',
    othersTitle: 'Other apps',
    others: 'If your app can only start programs, use a bridge:',
    toolsTitle: 'What apps can do here',
    tools: 'You choose what you allow when you sign in. Your organization may allow less.',
    publicTools: 'Needs no permission',
    forAdmins: 'admins only',
    issuer: 'Sign-in server: {issuer}',
  },
} as const;
