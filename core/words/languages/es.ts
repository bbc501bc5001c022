import type { Translation } from '../words.ts';

/** Spanish, for all countries, in the familiar form that products use. */
export const words = {
  direction: 'ltr',

  common: {
    continue: 'Continuar',
    errorTitle: 'Error: {title}',
    privacy: 'Privacidad',
    terms: 'Condiciones',
    support: 'Ayuda',
  },

  signIn: {
    title: 'Inicia sesión en {name}',
    lead: 'Te enviaremos un código por correo. No necesitas contraseña.',
    address: 'Correo electrónico',
    submit: 'Continuar',
    invalid: 'Eso no parece una dirección de correo. Revísala e inténtalo de nuevo.',
    forwarding:
      'Una dirección con %, ! o =? antes de la @ puede llevar a otra persona. Escribe la dirección en la que recibes tu correo.',
    noMail: '{domain} no acepta correo. Revisa lo que va después de la @.',
    signInFirst: 'Primero inicia sesión.',
    passkey: 'Iniciar sesión con una llave de acceso',
    passkeyFailed: 'No se ha usado ninguna llave de acceso. Inténtalo de nuevo o continúa con tu correo.',
    passkeyRefused: 'Esa llave de acceso no ha funcionado. Inténtalo de nuevo o continúa con tu correo.',
    passkeyRemoved: 'No conocemos esa llave de acceso. Puede que se haya eliminado. Continúa con tu correo.',
  },

  code: {
    title: 'Revisa tu correo',
    sent: 'Si {address} puede iniciar sesión aquí, le hemos enviado un código. Caduca en {time}.',
    sentAgain: 'Si {address} puede iniciar sesión aquí, le hemos enviado otro código. Solo sirve el más reciente.',
    label: 'Código',
    submit: 'Continuar',
    spam: '¿No te ha llegado? Mira en la carpeta de spam.',
    resend: 'Reenviar código',
    otherAddress: 'Usar otro correo',
    still: '¿Sigue sin llegar?',
    stopped:
      'Si los mensajes a esta dirección se han devuelto o se han marcado como spam, hemos dejado de enviarlos. {help}',
    askContact: 'Escribe a {contact} para reactivar el envío.',
    askOperator: 'Pide a los responsables de {name} que reactiven el envío.',
    busy: 'Cuando se registra mucha gente a la vez, una dirección nueva puede tener que esperar. Inténtalo de nuevo en una hora.',
    requestFirst: 'Primero solicita un código.',
    unreadable:
      'Eso no es un código. Un código tiene 8 letras y números, y nunca I, L, O, 0 ni 1. Este intento no cuenta.',
    earlier: 'Ese código es anterior. Usa el más reciente. Este intento no cuenta.',
    wrong: 'El código no es correcto. Revísalo e inténtalo de nuevo.',
    left: { one: 'Queda {count} intento.', other: 'Quedan {count} intentos.' },
    resendLater: 'Podrás solicitar otro código en {time}.',
  },

  consent: {
    title: '{client} quiere acceder a tu cuenta de {name}',
    unnamed: 'Una aplicación sin nombre',
    thisDevice:
      'Esta aplicación se ejecuta en este dispositivo, y cualquier programa puede usar su nombre. Continúa solo si la has iniciado tú.',
    client: 'Aplicación',
    published: 'Publicada por {host}',
    ofOperator: 'Añadida por {name}',
    unverified: 'Sin verificar. Cualquiera puede usar este nombre.',
    usedHere: 'Uso aquí',
    usedByNobody: 'Nadie la ha conectado antes que tú.',
    usedBy: { one: 'La ha conectado {count} persona.', other: 'La han conectado {count} personas.' },
    since: 'Se conectó por primera vez el {date}.',
    destination: 'Te redirigiremos a',
    onThisDevice: 'un programa de este dispositivo ({address})',
    allows: 'Esto permitirá a {client}:',
    read: 'Solo lectura',
    change: 'Hacer cambios',
    allowedBefore: 'Permitiste el acceso a esta aplicación por última vez el {date}.',
    before: 'ya permitido',
    nothing: 'Tu organización no te deja compartir nada de lo que pide esta aplicación.',
    backToApp: 'Volver a la aplicación',
    trust: 'Asegúrate de que confías en {client}. {name} no la gestiona.',
    cancel: 'Cancelar',
    allow: 'Permitir',
    chooseOne: 'Selecciona al menos una opción o cancela.',
    signedInAs: 'Has iniciado sesión como {address}.',
    notYou: '¿No eres tú? Cambiar de cuenta',
    later: 'Puedes desconectarla cuando quieras.',
  },

  settling: {
    tooSoon: 'No ha pasado nada: la página acababa de aparecer. Léela y vuelve a hacer clic.',
  },

  closed: {
    usedTitle: 'Has iniciado sesión',
    used: 'Este código ya se ha usado. No lo necesitas más.',
    allowedTitle: 'Ya lo has permitido',
    cancelledTitle: 'Ya lo has cancelado',
    answered: 'La aplicación tiene tu respuesta y aquí ya no se puede cambiar. Puedes cerrar esta ventana.',
    waiting: 'Si la aplicación sigue esperando, continúa para enviar tu respuesta de nuevo.',
    expiredTitle: 'Este inicio de sesión ha caducado',
    expired: 'Tienes {time} para iniciar sesión, y ese tiempo ha pasado.',
    pushedOutTitle: 'Demasiadas ventanas de inicio de sesión',
    pushedOut: {
      one: 'Puedes iniciar sesión en {count} ventana a la vez. Has abierto más, así que hemos cerrado esta.',
      other:
        'Puedes iniciar sesión en hasta {count} ventanas a la vez. Has abierto más, así que hemos cerrado esta, la más antigua.',
    },
    elsewhereTitle: 'Continúa en el otro navegador',
    elsewhere: 'Este inicio de sesión se empezó en otro navegador, o este navegador ha bloqueado nuestra cookie.',
    elsewhereNext:
      'Continúa en el navegador en el que empezaste. O permite las cookies de este sitio, vuelve a la aplicación y conéctala de nuevo.',
    unknownTitle: 'No conocemos este inicio de sesión',
    connectAgain: 'Vuelve a la aplicación y conéctala de nuevo.',
    startAgain: 'Empezar de nuevo',
    orConnectAgain: 'O vuelve a la aplicación y conéctala de nuevo.',
  },

  leaving: {
    title: 'No se puede completar esta solicitud',
    refused: 'Una aplicación te ha traído aquí con una solicitud que no podemos aceptar. No se ha compartido nada.',
    tellSite: 'Puedes avisar a la aplicación. Irás a otro sitio:',
    tellDevice: 'Puedes avisar a la aplicación. Irás a un programa de este dispositivo:',
    destination: 'Te redirigiremos a',
    warning: 'Continúa solo si lo has iniciado tú.',
    onward: 'Continuar a la aplicación',
  },

  problem: {
    details: 'Detalles para desarrolladores',
    tryAgain: 'Inténtalo de nuevo en {time}.',
    request: {
      title: 'No se puede completar esta solicitud',
      text: 'La aplicación ha enviado una solicitud que no podemos aceptar. Vuelve a la aplicación y conéctala de nuevo. Si no funciona, avisa a sus desarrolladores.',
    },
    failed: {
      title: 'Algo ha salido mal',
      text: 'El fallo es nuestro, no tuyo. Inténtalo de nuevo. Si vuelve a ocurrir, indica esta referencia: {id}',
    },
    tooMany: {
      title: 'Demasiados intentos',
      text: 'Ha habido demasiados intentos desde tu red.',
    },
    gone: {
      title: 'Este inicio de sesión ha terminado',
      text: 'Vuelve a la aplicación y conéctala de nuevo.',
    },
    foreign: {
      title: 'Este formulario viene de otro sitio',
      text: 'Por tu seguridad, no se ha hecho nada. Vuelve a la aplicación y conéctala de nuevo.',
    },
    tries: {
      title: 'Demasiados códigos incorrectos',
      text: 'Vuelve a la aplicación y conéctala de nuevo para recibir otro código.',
    },
    unknown: {
      title: 'Ya no conocemos esta aplicación',
      text: 'Vuelve a la aplicación, elimina la conexión con {name} y añádela de nuevo.',
    },
    denied: {
      title: 'Esta aplicación no se puede conectar',
      text: 'Los responsables de {name} no permiten que esta aplicación se conecte.',
    },
    unreadable: {
      title: 'No podemos comprobar esta aplicación',
      text: 'No hemos podido leer lo que {host} indica sobre esta aplicación. Inténtalo más tarde.',
    },
    beingRead: {
      title: 'Un momento',
      text: 'Todavía estamos leyendo lo que {host} indica sobre esta aplicación.',
    },
    refused: {
      title: 'No puedes iniciar sesión aquí',
      text: 'Esta dirección no tiene permiso para iniciar sesión. Si crees que debería tenerlo, habla con los responsables de {name}.',
    },
    noPasskeys: {
      title: 'Las llaves de acceso están desactivadas',
      text: 'No puedes usar llaves de acceso con {name}. Inicia sesión con un código.',
    },
    mail: {
      title: 'No hemos podido enviar el correo',
      text: 'Nuestro servicio de correo no responde.',
    },
  },

  passkeys: {
    title: 'Llaves de acceso',
    lead: 'Inicia sesión en {name} con tu huella, tu cara o el bloqueo de pantalla en lugar de un código. Los códigos siguen funcionando.',
    signedInAs: 'Has iniciado sesión como {address}.',
    none: 'Todavía no tienes ninguna llave de acceso.',
    unused: 'Añadida el {added}. Aún no se ha usado.',
    used: 'Añadida el {added}. Último uso: {used}.',
    defaultName: 'Llave de acceso',
    name: 'Nombre',
    rename: 'Cambiar nombre',
    remove: 'Eliminar',
    add: 'Añadir una llave de acceso',
    unsupported: 'Este navegador no permite añadir una llave de acceso aquí.',
    known: 'Este dispositivo ya tiene una llave de acceso para tu cuenta.',
    failed: 'No se ha añadido ninguna llave de acceso. Inténtalo de nuevo.',
    tooOld:
      'Puedes añadir una llave de acceso durante los {time} siguientes a iniciar sesión. Vuelve a iniciar sesión y regresa a esta página.',
    tooMany: 'Puedes tener hasta {count} llaves de acceso. Elimina una para añadir otra.',
    tooOften: 'Tu cuenta ha cambiado mucho últimamente, así que no se ha añadido nada. Inténtalo de nuevo en una hora.',
    outOfDate: 'No se ha cambiado nada porque esta página no estaba actualizada. Inténtalo de nuevo.',
    unreadable: 'No se ha podido añadir esa llave de acceso. Inténtalo de nuevo o usa otro dispositivo.',
    badName: 'Escribe un nombre de hasta {count} caracteres.',
    added: 'Llave de acceso añadida. La próxima vez, elige «Iniciar sesión con una llave de acceso».',
    renamed: 'Nombre cambiado.',
    removed: 'Llave de acceso eliminada. También puedes borrarla de tu dispositivo.',
    signedOutTitle: 'Has cerrado la sesión',
    signedOut: 'Conecta una aplicación e inicia sesión; después vuelve a abrir esta página en el mismo navegador.',
    offerTitle: 'Inicia sesión más rápido la próxima vez',
    offer: 'Añade una llave de acceso para usar tu huella, tu cara o el bloqueo de pantalla en lugar de un código.',
    decline: 'Ahora no',
  },

  codeMail: {
    subject: '{code} es tu código de {name}',
    title: 'Tu código de {name}',
    how: 'Escríbelo en la página que lo pidió. Caduca en {time}. No lo compartas con nadie.',
    who: 'Alguien desde {ip} está conectando {destination} a {name} como {address}.',
    notYou: '¿No eres tú? Ignora este correo. Sin el código no pasa nada.',
    thisDevice: 'un programa de su dispositivo',
  },

  notice: {
    connectionSubject: 'Nueva conexión con tu cuenta de {name}',
    connection: 'Has conectado {destination} a {name} como {address}.',
    connectionAllows: 'Ahora puede:',
    browserSubject: 'Nuevo inicio de sesión en {name}',
    browser: 'Alguien ha iniciado sesión en {name} como {address} en un navegador que no habíamos visto antes.',
    when: 'Cuándo: {time}',
    from: 'Desde: {ip}',
    you: 'Si has sido tú, no tienes que hacer nada.',
    notYou:
      'Si no, avisa cuanto antes a los responsables de {name}. Pueden deshacerlo y cerrar tu sesión en todas partes.',
    passkeyAddedSubject: 'Se ha añadido una llave de acceso a tu cuenta de {name}',
    passkeyAdded:
      'Alguien que ha iniciado sesión en {name} como {address} ha añadido una llave de acceso. Permite entrar en tu cuenta sin código.',
    passkeyRemovedSubject: 'Se ha eliminado una llave de acceso de tu cuenta de {name}',
    passkeyRemoved:
      'Alguien que ha iniciado sesión en {name} como {address} ha eliminado una llave de acceso. Ya no permite entrar en tu cuenta.',
    thisDevice: 'un programa de tu dispositivo',
  },

  home: {
    title: 'Conéctate a {name}',
    lead: 'Añade esta dirección a tu aplicación. Se abrirá el navegador, iniciarás sesión con un código que te enviaremos por correo y elegirás lo que puede hacer la aplicación.',
    copy: 'Copiar',
    copied: 'Copiado',
    copyThis: 'Copiar {text}',
    claude: 'Ve a Configuración → Conectores → Añadir conector personalizado y pega la dirección.',
    claudeCode: 'Después escribe {command} y elige «Authenticate».',
    chatgpt:
      'Activa Configuración → Aplicaciones y conectores → Avanzado → Modo de desarrollador. Después elige Crear, pega la dirección y selecciona OAuth.',
    cursorLink: 'Añadir a Cursor',
    cursor: 'O añade esto a {file}:',
    codeLink: 'Añadir a VS Code',
    code: 'O ejecuta:',
    othersTitle: 'Otras aplicaciones',
    others: 'Si tu aplicación solo puede iniciar programas, usa un puente:',
    issuer: 'Servidor de inicio de sesión: {issuer}',
  },
} satisfies Translation;
