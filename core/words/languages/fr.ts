import type { Translation } from '../words.ts';

/** French, in the polite form. */
export const words = {
  direction: 'ltr',

  common: {
    continue: 'Continuer',
    errorTitle: 'Erreur\u00a0: {title}',
    privacy: 'Confidentialité',
    terms: 'Conditions d’utilisation',
    support: 'Aide',
  },

  signIn: {
    title: 'Se connecter à {name}',
    lead: 'Nous vous enverrons un code par e-mail. Aucun mot de passe n’est nécessaire.',
    address: 'Adresse e-mail',
    submit: 'Continuer',
    invalid: 'Cette adresse e-mail ne semble pas valide. Vérifiez-la et réessayez.',
    forwarding:
      'Une adresse avec %, ! ou =? avant le @ peut mener à quelqu’un d’autre. Saisissez l’adresse à laquelle vous recevez vos e-mails.',
    noMail: '{domain} n’accepte pas d’e-mails. Vérifiez ce qui suit le @.',
    signInFirst: 'Connectez-vous d’abord.',
    passkey: 'Se connecter avec une clé d’accès',
    passkeyFailed: 'Aucune clé d’accès n’a été utilisée. Réessayez ou continuez avec votre adresse e-mail.',
    passkeyRefused: 'Cette clé d’accès n’a pas fonctionné. Réessayez ou continuez avec votre adresse e-mail.',
    passkeyRemoved:
      'Nous ne connaissons pas cette clé d’accès. Elle a peut-être été supprimée. Continuez avec votre adresse e-mail.',
  },

  code: {
    title: 'Consultez vos e-mails',
    sent: 'Si {address} peut se connecter ici, nous y avons envoyé un code. Il expire dans {time}.',
    sentAgain: 'Si {address} peut se connecter ici, nous y avons envoyé un autre code. Seul le plus récent fonctionne.',
    label: 'Code',
    submit: 'Continuer',
    spam: 'Vous n’avez rien reçu\u202f? Vérifiez vos courriers indésirables.',
    resend: 'Renvoyer un code',
    otherAddress: 'Utiliser une autre adresse e-mail',
    still: 'Toujours rien\u202f?',
    stopped:
      'Si des e-mails à cette adresse nous sont revenus ou ont été signalés comme indésirables, nous avons cessé d’y écrire. {help}',
    askContact: 'Contactez {contact} pour réactiver l’envoi.',
    askOperator: 'Demandez aux responsables de {name} de réactiver l’envoi.',
    busy: 'Quand beaucoup de personnes s’inscrivent en même temps, une nouvelle adresse doit parfois attendre. Réessayez dans une heure.',
    requestFirst: 'Demandez d’abord un code.',
    unreadable:
      'Ce n’est pas un code. Un code compte 8 lettres et chiffres, jamais I, L, O, 0 ni 1. Cet essai n’a pas été compté.',
    earlier: 'C’est un ancien code. Utilisez le plus récent. Cet essai n’a pas été compté.',
    wrong: {
      one: 'Ce code n’est pas le bon. Vérifiez-le et réessayez. Il reste {count} essai.',
      other: 'Ce code n’est pas le bon. Vérifiez-le et réessayez. Il reste {count} essais.',
    },
    resendLater: 'Vous pourrez demander un autre code dans {time}.',
    tooMany: 'Il y a eu trop de tentatives depuis votre réseau. Réessayez dans {time}.',
  },

  provider: {
    continueWith: 'Continuer avec {provider}',
    failedTitle: 'La connexion de votre organisation n’a pas fonctionné',
    failed:
      'Nous n’avons pas pu vous connecter avec {provider}. Rien n’a été modifié. Réessayez. Si le problème persiste, contactez les responsables de {name} et indiquez cette référence\u00a0: {id}',
    stopped:
      'La connexion avec {provider} n’a pas abouti. Vous avez peut-être annulé, ou votre compte chez eux n’a pas accès à {name}. Rien n’a été modifié. Référence\u00a0: {id}',
    unreachable:
      '{provider} ne répond pas pour le moment. Rien n’a été modifié. Réessayez dans une minute. Référence\u00a0: {id}',
    noAddress:
      '{provider} ne nous a donné aucune adresse e-mail utilisable. Ajoutez-en une à votre compte chez eux, ou connectez-vous autrement. Référence\u00a0: {id}',
    recycled:
      'Une autre personne chez {provider} se connecte déjà ici avec votre adresse e-mail. Contactez les responsables de {name} et indiquez cette référence\u00a0: {id}',
    notAllowed:
      'Votre compte {provider} n’est pas autorisé à se connecter ici. Si vous pensez qu’il devrait l’être, contactez les responsables de {name} et indiquez cette référence\u00a0: {id}',
    otherWindow:
      'Cette connexion a déjà servi, ou elle a été commencée dans une autre fenêtre ou un autre navigateur. Recommencez depuis l’application. Référence\u00a0: {id}',
    again: 'Réessayer',
    otherWay: 'Se connecter autrement',
    proveTitle: 'Confirmez votre adresse e-mail',
    prove:
      'Selon {provider}, {address} est votre adresse e-mail. Nous y enverrons un code, une seule fois, pour vérifier qu’elle est bien à vous.',
    mailCode: 'M’envoyer un code',
  },

  consent: {
    title: '{client} souhaite accéder à votre compte {name}',
    unnamed: 'Une application sans nom',
    thisDevice:
      'Cette application s’exécute sur cet appareil, et n’importe quel programme peut utiliser son nom. Continuez uniquement si vous l’avez lancée vous-même.',
    client: 'Application',
    published: 'Publiée par {host}',
    ofOperator: 'Ajoutée par {name}',
    unverified: 'Non vérifiée. N’importe qui peut utiliser ce nom.',
    usedHere: 'Utilisation ici',
    usedByNobody: 'Vous êtes la première personne à la connecter.',
    usedBy: { one: '{count} personne l’a connectée.', other: '{count} personnes l’ont connectée.' },
    since: 'Première connexion le {date}.',
    destination: 'Vous serez redirigé vers',
    onThisDevice: 'un programme sur cet appareil ({address})',
    allows: 'Cela permettra à {client} de\u00a0:',
    read: 'Lecture seule',
    change: 'Modifier',
    allowedBefore: 'Vous avez autorisé cette application pour la dernière fois le {date}.',
    before: 'déjà autorisé',
    nothing: 'Votre organisation ne permet de partager aucun des accès demandés par cette application.',
    backToApp: 'Retour à l’application',
    trust:
      'Assurez-vous de faire confiance à {client}. {name} n’en est pas responsable. Vous pouvez la déconnecter à tout moment.',
    cancel: 'Annuler',
    allow: 'Autoriser',
    chooseOne: 'Sélectionnez au moins un élément, ou annulez.',
    signedInAs: 'Connecté avec {address}.',
    notYou: 'Ce n’est pas vous\u202f? Changer de compte',
  },

  settling: {
    tooSoon: 'Rien ne s’est passé\u00a0: cette page venait d’apparaître. Lisez-la, puis cliquez à nouveau.',
  },

  closed: {
    usedTitle: 'Vous êtes connecté',
    used: 'Ce code a déjà été utilisé. Vous n’en avez plus besoin.',
    allowedTitle: 'Vous avez déjà donné votre autorisation',
    cancelledTitle: 'Vous avez déjà annulé',
    answered: 'L’application a votre réponse, qui ne peut plus être modifiée ici. Vous pouvez fermer cette fenêtre.',
    waiting: 'Si l’application attend encore, continuez pour lui renvoyer votre réponse.',
    expiredTitle: 'Cette connexion a expiré',
    expired: 'Vous aviez {time} pour vous connecter, et ce délai est écoulé.',
    pushedOutTitle: 'Trop de fenêtres de connexion',
    pushedOut: {
      one: 'Vous pouvez vous connecter dans {count} fenêtre à la fois. Vous en avez ouvert d’autres, et celle-ci a été fermée.',
      other:
        'Vous pouvez vous connecter dans {count} fenêtres à la fois au maximum. Vous en avez ouvert d’autres, et celle-ci, la plus ancienne, a été fermée.',
    },
    elsewhereTitle: 'Continuez dans l’autre navigateur',
    elsewhere: 'Cette connexion a été commencée dans un autre navigateur, ou ce navigateur a bloqué notre cookie.',
    elsewhereNext:
      'Continuez dans le navigateur où vous avez commencé. Sinon, autorisez les cookies pour ce site, revenez à l’application et connectez-la à nouveau.',
    unknownTitle: 'Nous ne connaissons pas cette connexion',
    connectAgain: 'Revenez à l’application et connectez-la à nouveau.',
    startAgain: 'Recommencer',
    orConnectAgain: 'Ou revenez à l’application et connectez-la à nouveau.',
  },

  leaving: {
    title: 'Cette demande ne peut pas aboutir',
    refused:
      'Une application vous a envoyé ici avec une demande que nous ne pouvons pas accepter. Rien n’a été partagé.',
    tellSite: 'Vous pouvez en informer l’application. Vous serez alors dirigé vers un autre site\u00a0:',
    tellDevice:
      'Vous pouvez en informer l’application. Vous serez alors dirigé vers un programme sur cet appareil\u00a0:',
    destination: 'Vous serez redirigé vers',
    warning: 'Continuez uniquement si vous avez lancé cela vous-même.',
    onward: 'Continuer vers l’application',
  },

  problem: {
    details: 'Détails pour les développeurs',
    tryAgain: 'Réessayez dans {time}.',
    request: {
      title: 'Cette demande ne peut pas aboutir',
      text: 'L’application a envoyé une demande que nous ne pouvons pas accepter. Revenez à l’application et connectez-la à nouveau. Si cela ne suffit pas, prévenez ses développeurs.',
    },
    failed: {
      title: 'Une erreur s’est produite',
      text: 'Le problème vient de nous. Réessayez. S’il persiste, indiquez cette référence\u00a0: {id}',
    },
    tooMany: {
      title: 'Trop de tentatives',
      text: 'Il y a eu trop de tentatives depuis votre réseau.',
    },
    gone: {
      title: 'Cette connexion est terminée',
      text: 'Revenez à l’application et connectez-la à nouveau.',
    },
    foreign: {
      title: 'Ce formulaire vient d’un autre site',
      text: 'Pour votre sécurité, rien n’a été fait. Revenez à l’application et connectez-la à nouveau.',
    },
    tries: {
      title: 'Trop de codes erronés',
      text: 'Revenez à l’application et connectez-la à nouveau pour obtenir un nouveau code.',
    },
    unknown: {
      title: 'Nous ne connaissons plus cette application',
      text: 'Revenez à l’application, supprimez la connexion à {name}, puis ajoutez-la à nouveau.',
    },
    denied: {
      title: 'Cette application ne peut pas se connecter',
      text: 'Les responsables de {name} n’autorisent pas cette application à se connecter.',
    },
    unreadable: {
      title: 'Nous ne pouvons pas vérifier cette application',
      text: 'Nous n’avons pas pu lire ce que {host} indique sur cette application. Réessayez plus tard.',
    },
    beingRead: {
      title: 'Un instant',
      text: 'Nous lisons encore ce que {host} indique sur cette application.',
    },
    refused: {
      title: 'Vous ne pouvez pas vous connecter ici',
      text: 'Cette adresse n’est pas autorisée à se connecter. Si elle devrait l’être, adressez-vous aux responsables de {name}.',
    },
    noPasskeys: {
      title: 'Les clés d’accès sont désactivées',
      text: 'Vous ne pouvez pas utiliser de clé d’accès avec {name}. Connectez-vous avec un code.',
    },
    mail: {
      title: 'Nous n’avons pas pu envoyer l’e-mail',
      text: 'Notre service de messagerie ne répond pas.',
    },
  },

  passkeys: {
    title: 'Clés d’accès',
    lead: 'Connectez-vous à {name} avec votre empreinte, votre visage ou le verrouillage de votre écran au lieu d’un code. Les codes fonctionnent toujours.',
    signedInAs: 'Connecté avec {address}.',
    none: 'Vous n’avez pas encore de clé d’accès.',
    unused: 'Ajoutée le {added}. Pas encore utilisée.',
    used: 'Ajoutée le {added}. Dernière utilisation le {used}.',
    defaultName: 'Clé d’accès',
    name: 'Nom',
    rename: 'Renommer',
    remove: 'Supprimer',
    add: 'Ajouter une clé d’accès',
    unsupported: 'Ce navigateur ne permet pas d’ajouter une clé d’accès ici.',
    known: 'Cet appareil a déjà une clé d’accès pour votre compte.',
    failed: 'Aucune clé d’accès n’a été ajoutée. Réessayez.',
    tooOld: 'Vous pouvez ajouter une clé d’accès dans les {time} qui suivent la connexion.',
    reviewer: 'Ce compte se connecte avec un mot de passe pour évaluateurs. Il ne peut pas avoir de clés d’accès.',
    tooMany: 'Vous pouvez avoir jusqu’à {count} clés d’accès. Supprimez-en une pour en ajouter une autre.',
    tooOften: 'Votre compte a beaucoup changé récemment, rien n’a donc été ajouté. Réessayez dans une heure.',
    outOfDate: 'Rien n’a été modifié, car cette page n’était plus à jour. Réessayez.',
    unreadable: 'Impossible d’ajouter cette clé d’accès. Réessayez ou utilisez un autre appareil.',
    badName: 'Saisissez un nom de {count} caractères au maximum.',
    added: 'Clé d’accès ajoutée. La prochaine fois, choisissez «\u00a0Se connecter avec une clé d’accès\u00a0».',
    renamed: 'Nom modifié.',
    removed: 'Clé d’accès supprimée. Vous pouvez aussi la supprimer de votre appareil.',
    offerTitle: 'Connectez-vous plus vite la prochaine fois',
    offer:
      'Ajoutez une clé d’accès pour utiliser votre empreinte, votre visage ou le verrouillage de votre écran au lieu d’un code.',
    decline: 'Pas maintenant',
  },

  account: {
    title: 'Votre compte',
    appsTitle: 'Applications connectées',
    apps: 'Ces applications peuvent utiliser {name} en votre nom. Si vous en déconnectez une, l’effet est immédiat.',
    noApps: 'Aucune application n’est connectée.',
    can: 'Peut',
    connected: 'Connectée',
    lastActive: 'Dernière activité',
    bound: 'Son accès ne fonctionne qu’avec une clé que l’application conserve.',
    here: 'depuis votre réseau actuel',
    elsewhere: 'depuis un autre réseau',
    service: 'depuis les serveurs de l’application',
    disconnect: 'Déconnecter',
    disconnectApp: 'Déconnecter {client}',
    disconnectAll: 'Déconnecter toutes les applications',
    activityTitle: 'Activité récente',
    activityOf: 'Activité récente de {client}',
    activityOfAll: 'Activité récente de toutes les applications',
    activity: {
      one: 'Ce que les applications ont fait ici en votre nom, du plus récent au plus ancien. Nous conservons ces données pendant {count} jour.',
      many: 'Ce que les applications ont fait ici en votre nom, du plus récent au plus ancien. Nous conservons ces données pendant {count} de jours.',
      other:
        'Ce que les applications ont fait ici en votre nom, du plus récent au plus ancien. Nous conservons ces données pendant {count} jours.',
    },
    noActivity: 'Rien depuis le {date}.',
    earlier: 'Afficher les plus anciennes',
    when: 'Quand',
    what: 'Action',
    byApp: 'Application',
    outcome: 'Résultat',
    goneApp: 'Une application que nous ne connaissons plus',
    allowed: 'Effectué',
    denied: 'Non autorisé',
    callFailed: 'Échec',
    started: 'Commencé',
    asked: 'Votre accord a été demandé',
    declined: 'Vous avez refusé',
    more: 'Afficher plus',
    sessionsTitle: 'Où vous êtes connecté',
    browserOn: '{browser} sur {system}',
    unknownBrowser: 'Un navigateur',
    thisBrowser: 'Ce navigateur',
    signedIn: 'Connexion le {time}',
    signOut: 'Se déconnecter',
    signOutOf: 'Déconnecter {browser}',
    signOutOthers: 'Déconnecter tous les autres navigateurs',
    passkeysLink: 'Ajouter, renommer ou supprimer des clés d’accès',
    language: 'Langue des pages et des e-mails',
    save: 'Enregistrer',
    everywhereTitle: 'Se déconnecter partout',
    everywhere:
      'Si quelque chose vous semble anormal, déconnectez-vous de tous les navigateurs, y compris celui-ci, déconnectez toutes les applications et supprimez toutes les clés d’accès en une fois.',
    signOutEverywhere: 'Se déconnecter partout',
    deleteTitle: 'Supprimer votre compte',
    deleteLink: 'Supprimer votre compte',
    deleteLead:
      'Toutes les applications et tous les navigateurs sont déconnectés immédiatement. Vos clés d’accès et ce que les applications gardent ici pour vous sont supprimés sous 24 heures. C’est irréversible.',
    deleteShared: 'Ce que vous partagez dans une organisation y reste.',
    deleteAdmin:
      'Vous administrez votre organisation. Si personne d’autre ne le fait, demandez aux responsables de {name} de désigner quelqu’un.',
    deleteRecord: {
      one: 'Une trace de ce qui a été fait est conservée pendant {count} jour. Votre adresse e-mail n’y figure pas. Les sauvegardes en conservent une copie pendant 35 jours au plus.',
      other:
        'Une trace de ce qui a été fait est conservée pendant {count} jours. Votre adresse e-mail n’y figure pas. Les sauvegardes en conservent une copie pendant 35 jours au plus.',
    },
    deleteConfirm: 'Je comprends que c’est irréversible.',
    deleteButton: 'Supprimer mon compte',
    deleteUnconfirmed: 'Rien n’a été supprimé. Cochez d’abord la case pour confirmer.',
    deleteReviewer: 'Ce compte est réservé aux évaluateurs. Seul l’exploitant de ce serveur peut le supprimer.',
    deleteTooOld:
      'Pour supprimer votre compte, confirmez d’abord votre identité\u00a0: reconnectez-vous, vous aurez alors {time}.',
    deletedTitle: 'Votre compte est fermé',
    deleted:
      'Toutes les applications sont déconnectées et vous êtes déconnecté partout. Tout le reste est supprimé sous 24 heures. Nous vous avons envoyé un e-mail à ce sujet.',
    deletedAnew: 'Si vous vous reconnectez, vous commencerez avec un nouveau compte, vide.',
    dataTitle: 'Vos données',
    dataLink: 'Télécharger vos données',
    data: {
      one: 'Téléchargez ce que nous conservons à votre sujet\u00a0: votre compte, vos applications connectées, navigateurs et clés d’accès, ce que les applications gardent ici pour vous et ce qui s’est passé dans votre compte durant le dernier {count} jour. C’est un fichier JSON que d’autres programmes peuvent lire.',
      other:
        'Téléchargez ce que nous conservons à votre sujet\u00a0: votre compte, vos applications connectées, navigateurs et clés d’accès, ce que les applications gardent ici pour vous et ce qui s’est passé dans votre compte durant les {count} derniers jours. C’est un fichier JSON que d’autres programmes peuvent lire.',
    },
    dataShared: 'Ce que vous partagez dans une organisation lui appartient et ne figure pas dans le fichier.',
    dataParts: 'Un compte volumineux est réparti en plusieurs fichiers. Chacun se termine par l’adresse du suivant.',
    dataNext: 'Voici la partie suivante de vos données.',
    download: 'Télécharger',
    back: 'Retour à votre compte',
    disconnectedTitle: 'Application déconnectée',
    disconnected: 'Elle ne peut plus utiliser {name} en votre nom.',
    disconnectedBefore: 'Elle était déjà déconnectée.',
    allDisconnectedTitle: 'Toutes les applications sont déconnectées',
    allDisconnected: 'Plus aucune application ne peut utiliser {name} en votre nom.',
    someLeftTitle: 'Certaines applications sont encore connectées',
    someLeft: 'Il y en avait trop pour une seule fois. Revenez en arrière et déconnectez les autres.',
    unknownTitle: 'Élément introuvable',
    unknown: 'Il ne fait pas partie de votre compte ou n’existe plus. Rien n’a été modifié.',
    sessionEndedTitle: 'Déconnexion effectuée',
    sessionEnded: 'Ce navigateur est déconnecté.',
    sessionsEnded: 'Tous les autres navigateurs sont déconnectés.',
    sessionEndedBefore: 'Ce navigateur était déjà déconnecté.',
    signedOutTitle: 'Vous êtes déconnecté',
    signedOut: 'Vous êtes déconnecté de ce navigateur. Vos applications restent connectées.',
    everythingEndedTitle: 'Vous êtes déconnecté partout',
    everythingEnded:
      'Tous les navigateurs et toutes les applications sont déconnectés, et toutes les clés d’accès sont supprimées.',
    signInAgain: 'Se reconnecter',
    expiredTitle: 'Reconnectez-vous',
    expired: 'Vous n’êtes plus connecté. Rien n’a été modifié.',
    outdatedTitle: 'Cette page n’est plus à jour',
    outdated: 'Vous vous êtes reconnecté depuis son ouverture. Rien n’a été modifié.',
    formRefused:
      'Nous n’avons pas pu accepter ce formulaire, rien n’a donc été modifié. Revenez à votre compte et réessayez.',
    pageGoneTitle: 'Cette page n’existe pas',
    pageGone: 'Revenez à votre compte.',
  },

  codeMail: {
    subject: '{code} est votre code {name}',
    title: 'Votre code {name}',
    how: 'Saisissez-le dans les {time} sur la page qui l’a demandé. Ne le communiquez à personne.',
    who: 'Quelqu’un à l’adresse {ip} connecte {destination} à {name} avec le compte {address}.',
    account: 'Quelqu’un à l’adresse {ip} se connecte au compte {name} de {address}.',
    notYou: 'Ce n’était pas vous\u202f? Ignorez cet e-mail. Sans le code, rien ne se passe.',
    thisDevice: 'un programme sur son appareil',
  },

  notice: {
    connectionSubject: 'Nouvelle connexion à votre compte {name}',
    connection: 'Vous avez connecté {destination} à {name} avec le compte {address}.',
    connectionAllows: 'Accès autorisés\u00a0:',
    browserSubject: 'Nouvelle connexion à {name}',
    browser:
      'Quelqu’un s’est connecté à {name} avec le compte {address}, dans un navigateur que nous ne connaissions pas.',
    linkedSubject: 'Une connexion a été associée à votre compte {name}',
    linked:
      'Quelqu’un s’est connecté à {name} avec le compte {address} par un fournisseur externe. Cette connexion donne désormais accès à votre compte.',
    when: 'Date\u00a0: {time}',
    from: 'Adresse\u00a0: {ip}',
    you: 'Si c’était vous, vous n’avez rien à faire.',
    notYou:
      'Sinon, prévenez tout de suite les responsables de {name}. Ils peuvent annuler cet accès et vous déconnecter partout.',
    passkeyAddedSubject: 'Une clé d’accès a été ajoutée à votre compte {name}',
    passkeyAdded:
      'Une personne connectée à {name} avec le compte {address} a ajouté une clé d’accès. Elle permet de se connecter à votre compte sans code.',
    passkeyRemovedSubject: 'Une clé d’accès a été supprimée de votre compte {name}',
    passkeyRemoved:
      'Une personne connectée à {name} avec le compte {address} a supprimé une clé d’accès. Elle ne permet plus de se connecter à votre compte.',
    accountDeletedSubject: 'Votre compte {name} est fermé',
    accountDeleted:
      'Une personne connectée à {name} avec le compte {address} a supprimé le compte. Tout son contenu est en cours de suppression, de façon irréversible.',
    notYouDeleted:
      'Sinon, prévenez tout de suite les responsables de {name} et sécurisez cette boîte mail\u00a0: quelqu’un d’autre peut peut-être la lire.',
    thisDevice: 'un programme sur votre appareil',
  },

  home: {
    title: 'Se connecter à {name}',
    lead: 'Ajoutez cette adresse à votre application. Votre navigateur s’ouvre, vous vous connectez, puis vous choisissez ce que l’application peut faire.',
    up: 'Le serveur fonctionnait lorsqu’il vous a envoyé cette page. Son état actuel est indiqué par {health}.',
    copy: 'Copier',
    copied: 'Copié',
    copyThis: 'Copier {text}',
    clientsTitle: 'Choisissez votre application',
    addTo: 'Ajouter à {client}',
    run: 'Exécutez ceci dans un terminal\u00a0:',
    orRun: 'Ou exécutez ceci dans un terminal\u00a0:',
    orFile: 'Ou ajoutez ceci à {file}\u00a0:',
    claude:
      'Ou ouvrez Personnaliser → Connecteurs → + → Ajouter un connecteur personnalisé, puis collez l’adresse. Dans une équipe, un propriétaire l’ajoute d’abord.',
    claudeCode:
      'Saisissez ensuite {command} dans Claude Code, sélectionnez ce serveur et choisissez «\u00a0Authenticate\u00a0».',
    chatgpt:
      'Activez Paramètres → Applications → Paramètres avancés → Mode développeur. Choisissez ensuite Créer une application, collez l’adresse et sélectionnez OAuth.',
    codex: 'Si votre navigateur ne s’ouvre pas tout seul, exécutez {command}.',
    gemini: 'Saisissez ensuite {command} dans Gemini CLI.',
    windsurf: 'Ajoutez ceci à {file}, puis actualisez les serveurs MCP dans Cascade\u00a0:',
    zed: 'Ouvrez vos paramètres avec {command} et ajoutez ceci. Zed vous invite ensuite à vous connecter.',
    inspector: 'Il s’ouvre dans votre navigateur. Établissez-y la connexion et identifiez-vous.',
    othersTitle: 'Autres applications',
    others: 'Si votre application ne peut que lancer des programmes, utilisez une passerelle\u00a0:',
    toolsTitle: 'Ce que les applications peuvent faire ici',
    tools:
      'Vous choisissez ce que vous autorisez au moment de vous connecter. Votre organisation peut en autoriser moins.',
    publicTools: 'Sans autorisation',
    forAdmins: 'administrateurs uniquement',
    issuer: 'Serveur de connexion\u00a0: {issuer}',
  },
} satisfies Translation;
