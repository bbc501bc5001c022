import type { Translation } from '../words.ts';

/** German, in the polite form. */
export const words = {
  direction: 'ltr',

  common: {
    continue: 'Weiter',
    errorTitle: 'Fehler: {title}',
    privacy: 'Datenschutz',
    terms: 'Nutzungsbedingungen',
    support: 'Hilfe',
  },

  signIn: {
    title: 'Bei {name} anmelden',
    lead: 'Wir schicken Ihnen einen Code per E-Mail. Ein Passwort brauchen Sie nicht.',
    address: 'E-Mail-Adresse',
    submit: 'Weiter',
    invalid: 'Das sieht nicht nach einer E-Mail-Adresse aus. Prüfen Sie die Eingabe und versuchen Sie es noch einmal.',
    forwarding:
      'Eine Adresse mit %, ! oder =? vor dem @ kann zu jemand anderem führen. Geben Sie die Adresse ein, unter der Ihre E-Mails ankommen.',
    noMail: '{domain} nimmt keine E-Mails an. Prüfen Sie den Teil nach dem @.',
    signInFirst: 'Melden Sie sich zuerst an.',
    passkey: 'Mit Passkey anmelden',
    passkeyFailed:
      'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder fahren Sie mit Ihrer E-Mail-Adresse fort.',
    passkeyRefused:
      'Dieser Passkey hat nicht funktioniert. Versuchen Sie es noch einmal, oder fahren Sie mit Ihrer E-Mail-Adresse fort.',
    passkeyRemoved:
      'Diesen Passkey kennen wir nicht. Vielleicht wurde er entfernt. Fahren Sie mit Ihrer E-Mail-Adresse fort.',
  },

  code: {
    title: 'E-Mails prüfen',
    sent: 'Wenn sich {address} hier anmelden darf, haben wir einen Code dorthin geschickt. Er läuft in {time} ab.',
    sentAgain:
      'Wenn sich {address} hier anmelden darf, haben wir einen weiteren Code dorthin geschickt. Nur der neueste Code gilt.',
    label: 'Code',
    submit: 'Weiter',
    spam: 'Nichts angekommen? Sehen Sie im Spam-Ordner nach.',
    resend: 'Code erneut senden',
    otherAddress: 'Andere E-Mail-Adresse verwenden',
    still: 'Immer noch nichts?',
    stopped:
      'Wenn E-Mails an diese Adresse nicht zustellbar waren oder als Spam gemeldet wurden, senden wir dorthin nichts mehr. {help}',
    askContact: 'Wenden Sie sich an {contact}, um den Versand wieder einzuschalten.',
    askOperator: 'Bitten Sie die Betreiber von {name}, den Versand wieder einzuschalten.',
    busy: 'Wenn sich gerade viele neu anmelden, kann es bei einer neuen Adresse dauern. Versuchen Sie es in einer Stunde noch einmal.',
    requestFirst: 'Fordern Sie zuerst einen Code an.',
    unreadable:
      'Das ist kein Code. Ein Code hat 8 Buchstaben und Ziffern, aber nie I, L, O, 0 oder 1. Dieser Versuch wurde nicht gezählt.',
    earlier: 'Das ist ein älterer Code. Verwenden Sie den neuesten. Dieser Versuch wurde nicht gezählt.',
    wrong: {
      one: 'Der Code stimmt nicht. Prüfen Sie ihn und versuchen Sie es noch einmal. Noch {count} Versuch.',
      other: 'Der Code stimmt nicht. Prüfen Sie ihn und versuchen Sie es noch einmal. Noch {count} Versuche.',
    },
    resendLater: 'In {time} können Sie einen neuen Code anfordern.',
    tooMany: 'Aus Ihrem Netzwerk kamen zu viele Versuche. Versuchen Sie es in {time} noch einmal.',
  },

  provider: {
    continueWith: 'Weiter mit {provider}',
    failedTitle: 'Die Anmeldung Ihrer Organisation hat nicht funktioniert',
    failed:
      'Wir konnten Sie nicht über {provider} anmelden. Es wurde nichts geändert. Versuchen Sie es noch einmal. Wenn es weiterhin nicht klappt, wenden Sie sich an die Betreiber von {name} und nennen Sie diese Referenz: {id}',
    stopped:
      'Die Anmeldung über {provider} wurde nicht abgeschlossen. Vielleicht haben Sie abgebrochen, oder Ihr Konto dort hat keinen Zugriff auf {name}. Es wurde nichts geändert. Referenz: {id}',
    unreachable:
      '{provider} antwortet gerade nicht. Es wurde nichts geändert. Versuchen Sie es in einer Minute noch einmal. Referenz: {id}',
    noAddress:
      '{provider} hat uns keine E-Mail-Adresse genannt, die wir verwenden können. Ergänzen Sie sie dort in Ihrem Konto, oder melden Sie sich anders an. Referenz: {id}',
    recycled:
      'Jemand anderes bei {provider} meldet sich hier bereits mit Ihrer E-Mail-Adresse an. Wenden Sie sich an die Betreiber von {name} und nennen Sie diese Referenz: {id}',
    notAllowed:
      'Mit Ihrem Konto bei {provider} können Sie sich hier nicht anmelden. Falls das ein Irrtum ist, wenden Sie sich an die Betreiber von {name} und nennen Sie diese Referenz: {id}',
    otherWindow:
      'Diese Anmeldung wurde bereits verwendet oder in einem anderen Fenster oder Browser begonnen. Beginnen Sie in der App noch einmal. Referenz: {id}',
    again: 'Noch einmal versuchen',
    otherWay: 'Anders anmelden',
    proveTitle: 'Bestätigen Sie Ihre E-Mail-Adresse',
    prove:
      'Laut {provider} ist {address} Ihre E-Mail-Adresse. Wir senden einmalig einen Code dorthin, um sicherzugehen, dass sie Ihnen gehört.',
    mailCode: 'Code senden',
  },

  consent: {
    title: '{client} möchte auf Ihr Konto bei {name} zugreifen',
    unnamed: 'Eine App ohne Namen',
    thisDevice:
      'Diese App läuft auf diesem Gerät, und jedes Programm kann ihren Namen verwenden. Fahren Sie nur fort, wenn Sie das selbst gestartet haben.',
    client: 'App',
    published: 'Veröffentlicht von {host}',
    ofOperator: 'Hinzugefügt von {name}',
    unverified: 'Nicht überprüft. Jeder kann diesen Namen verwenden.',
    usedHere: 'Hier verwendet',
    usedByNobody: 'Vor Ihnen hat sie hier noch niemand verbunden.',
    usedBy: { one: '{count} Person hat sie verbunden.', other: '{count} Personen haben sie verbunden.' },
    since: 'Zuerst verbunden am {date}.',
    destination: 'Sie werden weitergeleitet zu',
    onThisDevice: 'einem Programm auf diesem Gerät ({address})',
    allows: 'Damit kann {client}:',
    read: 'Nur lesen',
    change: 'Ändern',
    allowedBefore: 'Sie haben dieser App zuletzt am {date} Zugriff gewährt.',
    before: 'bereits erlaubt',
    nothing: 'Ihre Organisation lässt nichts von dem zu, was diese App möchte.',
    backToApp: 'Zurück zur App',
    trust:
      'Vergewissern Sie sich, dass Sie {client} vertrauen. {name} betreibt diese App nicht. Sie können die App jederzeit wieder trennen.',
    cancel: 'Abbrechen',
    allow: 'Zulassen',
    chooseOne: 'Wählen Sie mindestens einen Punkt aus, oder brechen Sie ab.',
    signedInAs: 'Angemeldet als {address}.',
    notYou: 'Nicht Sie? Konto wechseln',
  },

  settling: {
    tooSoon:
      'Es ist nichts passiert: Die Seite war gerade erst erschienen. Lesen Sie sie und klicken Sie dann noch einmal.',
  },

  closed: {
    usedTitle: 'Sie sind angemeldet',
    used: 'Dieser Code wurde schon verwendet. Sie brauchen ihn nicht mehr.',
    allowedTitle: 'Sie haben das bereits zugelassen',
    cancelledTitle: 'Sie haben das bereits abgebrochen',
    answered:
      'Die App hat Ihre Antwort, und sie lässt sich hier nicht mehr ändern. Sie können dieses Fenster schließen.',
    waiting: 'Falls die App noch wartet, senden Sie Ihre Antwort mit „Weiter“ noch einmal.',
    expiredTitle: 'Diese Anmeldung ist abgelaufen',
    expired: 'Für die Anmeldung haben Sie {time} Zeit, und die ist um.',
    pushedOutTitle: 'Zu viele Anmeldefenster',
    pushedOut: {
      other:
        'Sie können sich in höchstens {count} Fenstern gleichzeitig anmelden. Sie haben mehr geöffnet, deshalb wurde dieses als ältestes geschlossen.',
    },
    elsewhereTitle: 'Weiter im anderen Browser',
    elsewhere:
      'Diese Anmeldung wurde in einem anderen Browser begonnen, oder dieser Browser hat unser Cookie blockiert.',
    elsewhereNext:
      'Machen Sie in dem Browser weiter, in dem Sie begonnen haben. Oder erlauben Sie Cookies für diese Seite, gehen Sie zurück zur App und verbinden Sie sie neu.',
    unknownTitle: 'Diese Anmeldung ist uns nicht bekannt',
    connectAgain: 'Gehen Sie zurück zur App und verbinden Sie sie neu.',
    startAgain: 'Neu beginnen',
    orConnectAgain: 'Oder gehen Sie zurück zur App und verbinden Sie sie neu.',
  },

  leaving: {
    title: 'Das hat nicht geklappt',
    refused:
      'Eine App hat Sie mit einer Anfrage hierher geschickt, die wir nicht annehmen können. Es wurde nichts freigegeben.',
    tellSite: 'Sie können der App Bescheid geben. Dabei gelangen Sie zu einer anderen Website:',
    tellDevice: 'Sie können der App Bescheid geben. Dabei gelangen Sie zu einem Programm auf diesem Gerät:',
    destination: 'Sie werden weitergeleitet zu',
    warning: 'Fahren Sie nur fort, wenn Sie das selbst gestartet haben.',
    onward: 'Weiter zur App',
  },

  problem: {
    details: 'Details für Entwickler',
    tryAgain: 'Versuchen Sie es in {time} noch einmal.',
    request: {
      title: 'Das hat nicht geklappt',
      text: 'Die App hat eine Anfrage geschickt, die wir nicht annehmen können. Gehen Sie zurück zur App und verbinden Sie sie neu. Hilft das nicht, wenden Sie sich an die Hersteller der App.',
    },
    failed: {
      title: 'Etwas ist schiefgegangen',
      text: 'Das liegt an uns, nicht an Ihnen. Versuchen Sie es noch einmal. Falls es wieder passiert, nennen Sie diese Referenz: {id}',
    },
    tooMany: {
      title: 'Zu viele Versuche',
      text: 'Aus Ihrem Netzwerk kamen zu viele Versuche.',
    },
    gone: {
      title: 'Diese Anmeldung ist beendet',
      text: 'Gehen Sie zurück zur App und verbinden Sie sie neu.',
    },
    foreign: {
      title: 'Dieses Formular kam von einer anderen Website',
      text: 'Zu Ihrer Sicherheit wurde nichts ausgeführt. Gehen Sie zurück zur App und verbinden Sie sie neu.',
    },
    tries: {
      title: 'Zu viele falsche Codes',
      text: 'Gehen Sie zurück zur App und verbinden Sie sie neu, um einen neuen Code zu bekommen.',
    },
    unknown: {
      title: 'Diese App ist uns nicht mehr bekannt',
      text: 'Gehen Sie zurück zur App, entfernen Sie die Verbindung zu {name} und fügen Sie sie neu hinzu.',
    },
    denied: {
      title: 'Diese App darf sich nicht verbinden',
      text: 'Die Betreiber von {name} haben diese App gesperrt.',
    },
    unreadable: {
      title: 'Wir können diese App nicht prüfen',
      text: 'Wir konnten nicht lesen, was {host} über diese App angibt. Versuchen Sie es später noch einmal.',
    },
    beingRead: {
      title: 'Einen Moment',
      text: 'Wir lesen noch, was {host} über diese App angibt.',
    },
    refused: {
      title: 'Sie können sich hier nicht anmelden',
      text: 'Diese Adresse ist nicht zur Anmeldung zugelassen. Wenn sie es sein sollte, wenden Sie sich an die Betreiber von {name}.',
    },
    noPasskeys: {
      title: 'Passkeys sind ausgeschaltet',
      text: 'Bei {name} können Sie keine Passkeys verwenden. Melden Sie sich mit einem Code an.',
    },
    mail: {
      title: 'Wir konnten die E-Mail nicht senden',
      text: 'Unser E-Mail-Dienst antwortet nicht.',
    },
  },

  passkeys: {
    title: 'Passkeys',
    lead: 'Melden Sie sich bei {name} mit Fingerabdruck, Gesicht oder Displaysperre an, statt einen Code einzugeben. Codes funktionieren weiterhin.',
    signedInAs: 'Angemeldet als {address}.',
    none: 'Sie haben noch keine Passkeys.',
    unused: 'Hinzugefügt am {added}. Noch nicht verwendet.',
    used: 'Hinzugefügt am {added}. Zuletzt verwendet am {used}.',
    defaultName: 'Passkey',
    name: 'Name',
    rename: 'Umbenennen',
    remove: 'Entfernen',
    add: 'Passkey hinzufügen',
    unsupported: 'Mit diesem Browser können Sie hier keinen Passkey hinzufügen.',
    known: 'Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto.',
    failed: 'Es wurde kein Passkey hinzugefügt. Versuchen Sie es noch einmal.',
    tooOld: 'Sie können bis zu {time} nach der Anmeldung einen Passkey hinzufügen.',
    reviewer: 'Bei diesem Konto melden sich Prüfer mit einem Passwort an. Passkeys sind hier nicht möglich.',
    tooMany: 'Sie können bis zu {count} Passkeys haben. Entfernen Sie einen, um einen anderen hinzuzufügen.',
    tooOften:
      'An Ihrem Konto wurde in letzter Zeit viel geändert, deshalb wurde nichts hinzugefügt. Versuchen Sie es in einer Stunde noch einmal.',
    outOfDate: 'Es wurde nichts geändert, weil diese Seite nicht mehr aktuell war. Versuchen Sie es noch einmal.',
    unreadable:
      'Dieser Passkey konnte nicht hinzugefügt werden. Versuchen Sie es noch einmal, oder nehmen Sie ein anderes Gerät.',
    badName: 'Geben Sie einen Namen mit höchstens {count} Zeichen ein.',
    added: 'Passkey hinzugefügt. Wählen Sie beim nächsten Mal „Mit Passkey anmelden“.',
    renamed: 'Name geändert.',
    removed: 'Passkey entfernt. Sie können ihn auch auf Ihrem Gerät löschen.',
    offerTitle: 'Nächstes Mal schneller anmelden',
    offer:
      'Fügen Sie einen Passkey hinzu, und melden Sie sich mit Fingerabdruck, Gesicht oder Displaysperre an statt mit einem Code.',
    decline: 'Nicht jetzt',
  },

  account: {
    title: 'Ihr Konto',
    appsTitle: 'Verbundene Apps',
    apps: 'Diese Apps können {name} in Ihrem Namen nutzen. Wenn Sie eine trennen, gilt das sofort.',
    noApps: 'Keine App ist verbunden.',
    can: 'Darf',
    connected: 'Verbunden',
    lastActive: 'Zuletzt aktiv',
    bound: 'Der Zugriff funktioniert nur mit einem Schlüssel, den die App verwahrt.',
    here: 'aus Ihrem aktuellen Netzwerk',
    elsewhere: 'aus einem anderen Netzwerk',
    service: 'von den Servern der App',
    disconnect: 'Trennen',
    disconnectApp: '{client} trennen',
    disconnectAll: 'Alle Apps trennen',
    activityTitle: 'Letzte Aktivitäten',
    activityOf: 'Letzte Aktivitäten von {client}',
    activityOfAll: 'Letzte Aktivitäten aller Apps',
    activity: {
      one: 'Was Apps hier in Ihrem Namen getan haben, das Neueste zuerst. Wir bewahren das {count} Tag auf.',
      other: 'Was Apps hier in Ihrem Namen getan haben, das Neueste zuerst. Wir bewahren das {count} Tage auf.',
    },
    noActivity: 'Nichts seit dem {date}.',
    earlier: 'Frühere anzeigen',
    when: 'Wann',
    what: 'Was',
    byApp: 'App',
    outcome: 'Ergebnis',
    goneApp: 'Eine App, die wir nicht mehr kennen',
    allowed: 'Erledigt',
    denied: 'Nicht erlaubt',
    callFailed: 'Fehlgeschlagen',
    started: 'Begonnen',
    asked: 'Sie wurden vorher gefragt',
    declined: 'Sie haben abgelehnt',
    more: 'Mehr anzeigen',
    sessionsTitle: 'Wo Sie angemeldet sind',
    browserOn: '{browser} auf {system}',
    unknownBrowser: 'Ein Browser',
    thisBrowser: 'Dieser Browser',
    signedIn: 'Angemeldet am {time}',
    signOut: 'Abmelden',
    signOutOf: '{browser} abmelden',
    signOutOthers: 'Alle anderen Browser abmelden',
    passkeysLink: 'Passkeys hinzufügen, umbenennen oder entfernen',
    language: 'Sprache für Seiten und E-Mails',
    save: 'Speichern',
    everywhereTitle: 'Überall abmelden',
    everywhere:
      'Falls etwas nicht stimmt: Melden Sie sich in allen Browsern ab, auch in diesem, trennen Sie alle Apps und entfernen Sie alle Passkeys auf einmal.',
    signOutEverywhere: 'Überall abmelden',
    deleteTitle: 'Konto löschen',
    deleteLink: 'Konto löschen',
    deleteLead:
      'Alle Apps werden sofort getrennt und alle Browser abgemeldet. Ihre Passkeys und alles, was Apps hier für Sie aufbewahren, werden innerhalb eines Tages gelöscht. Das lässt sich nicht rückgängig machen.',
    deleteShared: 'Was Sie in einer Organisation teilen, bleibt dort.',
    deleteAdmin:
      'Sie sind Admin Ihrer Organisation. Falls es keine weiteren Admins gibt, bitten Sie die Betreiber von {name}, jemanden zu bestimmen.',
    deleteRecord: {
      one: 'Ein Protokoll der Vorgänge bleibt {count} Tag erhalten. Ihre E-Mail-Adresse steht nicht darin. In Sicherungen bleibt bis zu 35 Tage lang eine Kopie.',
      other:
        'Ein Protokoll der Vorgänge bleibt {count} Tage erhalten. Ihre E-Mail-Adresse steht nicht darin. In Sicherungen bleibt bis zu 35 Tage lang eine Kopie.',
    },
    deleteConfirm: 'Mir ist klar, dass sich das nicht rückgängig machen lässt.',
    deleteButton: 'Mein Konto löschen',
    deleteUnconfirmed: 'Es wurde nichts gelöscht. Setzen Sie zuerst das Häkchen zur Bestätigung.',
    deleteReviewer: 'Dieses Konto ist für Prüfer. Nur der Betreiber dieses Servers kann es löschen.',
    deleteTooOld:
      'Um Ihr Konto zu löschen, bestätigen Sie zuerst Ihre Identität: Melden Sie sich erneut an, danach haben Sie {time} Zeit.',
    deletedTitle: 'Ihr Konto ist geschlossen',
    deleted:
      'Alle Apps sind getrennt und Sie sind überall abgemeldet. Alles andere wird innerhalb eines Tages gelöscht. Wir haben Ihnen dazu eine E-Mail gesendet.',
    deletedAnew: 'Wenn Sie sich wieder anmelden, beginnen Sie mit einem neuen, leeren Konto.',
    dataTitle: 'Ihre Daten',
    dataLink: 'Ihre Daten herunterladen',
    data: {
      one: 'Laden Sie herunter, was wir über Sie speichern: Ihr Konto, verbundene Apps, Browser und Passkeys, was Apps hier für Sie aufbewahren und was in Ihrem Konto am letzten {count} Tag geschehen ist. Es ist eine JSON-Datei, die andere Programme lesen können.',
      other:
        'Laden Sie herunter, was wir über Sie speichern: Ihr Konto, verbundene Apps, Browser und Passkeys, was Apps hier für Sie aufbewahren und was in Ihrem Konto in den letzten {count} Tagen geschehen ist. Es ist eine JSON-Datei, die andere Programme lesen können.',
    },
    dataShared: 'Was Sie in einer Organisation teilen, gehört der Organisation und ist nicht in der Datei.',
    dataParts: 'Die Daten großer Konten sind auf mehrere Dateien verteilt. Jede endet mit der Adresse der nächsten.',
    dataNext: 'Dies ist der nächste Teil Ihrer Daten.',
    download: 'Herunterladen',
    back: 'Zurück zu Ihrem Konto',
    disconnectedTitle: 'App getrennt',
    disconnected: 'Sie kann {name} nicht mehr in Ihrem Namen nutzen.',
    disconnectedBefore: 'Sie war bereits getrennt.',
    allDisconnectedTitle: 'Alle Apps getrennt',
    allDisconnected: 'Keine App kann {name} mehr in Ihrem Namen nutzen.',
    someLeftTitle: 'Einige Apps sind noch verbunden',
    someLeft: 'Es waren zu viele auf einmal. Gehen Sie zurück und trennen Sie die übrigen.',
    unknownTitle: 'Das haben wir nicht gefunden',
    unknown: 'Es gehört nicht zu Ihrem Konto oder ist nicht mehr vorhanden. Es wurde nichts geändert.',
    sessionEndedTitle: 'Abgemeldet',
    sessionEnded: 'Dieser Browser ist abgemeldet.',
    sessionsEnded: 'Alle anderen Browser sind abgemeldet.',
    sessionEndedBefore: 'Dieser Browser war bereits abgemeldet.',
    signedOutTitle: 'Sie sind abgemeldet',
    signedOut: 'Sie sind in diesem Browser abgemeldet. Ihre Apps bleiben verbunden.',
    everythingEndedTitle: 'Sie sind überall abgemeldet',
    everythingEnded: 'Alle Browser sind abgemeldet, alle Apps getrennt und alle Passkeys entfernt.',
    signInAgain: 'Wieder anmelden',
    expiredTitle: 'Melden Sie sich wieder an',
    expired: 'Sie sind nicht mehr angemeldet. Es wurde nichts geändert.',
    outdatedTitle: 'Diese Seite ist veraltet',
    outdated: 'Sie haben sich neu angemeldet, seit sie geöffnet wurde. Es wurde nichts geändert.',
    formRefused:
      'Wir konnten dieses Formular nicht annehmen, deshalb wurde nichts geändert. Gehen Sie zurück zu Ihrem Konto und versuchen Sie es noch einmal.',
    pageGoneTitle: 'Diese Seite gibt es nicht',
    pageGone: 'Gehen Sie zurück zu Ihrem Konto.',
  },

  codeMail: {
    subject: '{code} ist Ihr Code für {name}',
    title: 'Ihr Code für {name}',
    how: 'Geben Sie ihn innerhalb von {time} auf der Seite ein, die danach gefragt hat. Geben Sie ihn an niemanden weiter.',
    who: 'Jemand mit der IP-Adresse {ip} verbindet gerade {destination} als {address} mit {name}.',
    account: 'Jemand mit der IP-Adresse {ip} meldet sich gerade beim Konto von {address} bei {name} an.',
    notYou: 'Das waren nicht Sie? Ignorieren Sie diese E-Mail. Ohne den Code passiert nichts.',
    thisDevice: 'ein Programm auf dem eigenen Gerät',
  },

  notice: {
    connectionSubject: 'Neue Verbindung mit Ihrem Konto bei {name}',
    connection: 'Sie haben {destination} als {address} mit {name} verbunden.',
    connectionAllows: 'Erlaubt ist jetzt:',
    browserSubject: 'Neue Anmeldung bei {name}',
    browser: 'Jemand hat sich als {address} bei {name} angemeldet, in einem Browser, den wir noch nicht kannten.',
    passkeyAddedSubject: 'Ihrem Konto bei {name} wurde ein Passkey hinzugefügt',
    passkeyAdded:
      'Jemand, der als {address} bei {name} angemeldet ist, hat einen Passkey hinzugefügt. Damit kann man sich ohne Code bei Ihrem Konto anmelden.',
    passkeyRemovedSubject: 'Aus Ihrem Konto bei {name} wurde ein Passkey entfernt',
    passkeyRemoved:
      'Jemand, der als {address} bei {name} angemeldet ist, hat einen Passkey entfernt. Damit kann man sich nicht mehr bei Ihrem Konto anmelden.',
    linkedSubject: 'Mit Ihrem Konto bei {name} wurde eine Anmeldung verknüpft',
    linked:
      'Jemand hat sich bei {name} als {address} über einen anderen Anbieter angemeldet. Wer sich so anmeldet, hat von jetzt an Zugang zu Ihrem Konto.',
    accountDeletedSubject: 'Ihr Konto bei {name} ist geschlossen',
    accountDeleted:
      'Jemand, der als {address} bei {name} angemeldet war, hat das Konto gelöscht. Der gesamte Inhalt wird gelöscht und lässt sich nicht wiederherstellen.',
    notYouDeleted:
      'Wenn nicht, informieren Sie sofort die Betreiber von {name} und sichern Sie dieses Postfach: Möglicherweise liest jemand mit.',
    when: 'Wann: {time}',
    from: 'Von: {ip}',
    you: 'Wenn Sie das waren, brauchen Sie nichts zu tun.',
    notYou:
      'Wenn nicht, informieren Sie sofort die Betreiber von {name}. Sie können das rückgängig machen und Sie überall abmelden.',
    thisDevice: 'ein Programm auf Ihrem Gerät',
  },

  home: {
    title: 'Mit {name} verbinden',
    lead: 'Fügen Sie diese Adresse in Ihrer App hinzu. Ihr Browser öffnet sich, Sie melden sich an und legen fest, was die App darf.',
    up: 'Der Server war erreichbar, als er Ihnen diese Seite geschickt hat. Seinen aktuellen Status zeigt {health}.',
    copy: 'Kopieren',
    copied: 'Kopiert',
    copyThis: '{text} kopieren',
    clientsTitle: 'App auswählen',
    addTo: 'Zu {client} hinzufügen',
    run: 'Führen Sie Folgendes in einem Terminal aus:',
    orRun: 'Oder führen Sie Folgendes in einem Terminal aus:',
    orFile: 'Oder fügen Sie Folgendes in {file} ein:',
    claude:
      'Oder öffnen Sie Anpassen → Connectors → + → Benutzerdefinierten Connector hinzufügen und fügen Sie die Adresse ein. In einem Team fügt ihn zuerst ein Inhaber hinzu.',
    claudeCode: 'Geben Sie dann {command} in Claude Code ein, wählen Sie diesen Server und „Authenticate“.',
    chatgpt:
      'Schalten Sie unter Einstellungen → Apps → Erweiterte Einstellungen den Entwicklermodus ein. Wählen Sie dann „App erstellen“, fügen Sie die Adresse ein und wählen Sie OAuth.',
    codex: 'Wenn sich Ihr Browser nicht von selbst öffnet, führen Sie {command} aus.',
    gemini: 'Geben Sie dann {command} in Gemini CLI ein.',
    windsurf: 'Fügen Sie Folgendes in {file} ein und aktualisieren Sie dann die MCP-Server in Cascade:',
    zed: 'Öffnen Sie Ihre Einstellungen mit {command} und fügen Sie Folgendes ein. Zed fordert Sie dann zur Anmeldung auf.',
    inspector: 'Er öffnet sich in Ihrem Browser. Stellen Sie dort die Verbindung her und melden Sie sich an.',
    othersTitle: 'Andere Apps',
    others: 'Wenn Ihre App nur Programme starten kann, verwenden Sie eine Brücke:',
    toolsTitle: 'Was Apps hier tun können',
    tools: 'Was Sie erlauben, entscheiden Sie bei der Anmeldung. Ihre Organisation kann weniger zulassen.',
    publicTools: 'Ohne Berechtigung',
    forAdmins: 'nur Admins',
    issuer: 'Anmeldeserver: {issuer}',
  },
} satisfies Translation;
