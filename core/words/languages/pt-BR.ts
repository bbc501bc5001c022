import type { Translation } from '../words.ts';

/** Portuguese as it is written in Brazil. */
export const words = {
  direction: 'ltr',

  common: {
    continue: 'Continuar',
    errorTitle: 'Erro: {title}',
    privacy: 'Privacidade',
    terms: 'Termos de uso',
    support: 'Ajuda',
  },

  signIn: {
    title: 'Entrar em {name}',
    lead: 'Vamos enviar um código por e-mail. Você não precisa de senha.',
    address: 'E-mail',
    submit: 'Continuar',
    invalid: 'Isso não parece um endereço de e-mail. Confira e tente de novo.',
    forwarding:
      'Um endereço com %, ! ou =? antes do @ pode levar a outra pessoa. Digite o endereço em que você recebe seus e-mails.',
    noMail: '{domain} não aceita e-mails. Confira o que vem depois do @.',
    signInFirst: 'Entre primeiro.',
    passkey: 'Entrar com uma chave de acesso',
    passkeyFailed: 'Nenhuma chave de acesso foi usada. Tente de novo ou continue com seu e-mail.',
    passkeyRefused: 'Essa chave de acesso não funcionou. Tente de novo ou continue com seu e-mail.',
    passkeyRemoved: 'Não conhecemos essa chave de acesso. Talvez ela tenha sido removida. Continue com seu e-mail.',
  },

  code: {
    title: 'Confira seu e-mail',
    sent: 'Se {address} puder entrar aqui, enviamos um código para lá. Ele expira em {time}.',
    sentAgain: 'Se {address} puder entrar aqui, enviamos outro código para lá. Só o mais recente funciona.',
    label: 'Código',
    submit: 'Continuar',
    spam: 'Não recebeu? Confira a caixa de spam.',
    resend: 'Reenviar código',
    otherAddress: 'Usar outro e-mail',
    still: 'Ainda não chegou?',
    stopped: 'Se os e-mails para este endereço voltaram ou foram marcados como spam, paramos de enviar. {help}',
    askContact: 'Fale com {contact} para reativar o envio.',
    askOperator: 'Peça aos responsáveis por {name} que reativem o envio.',
    busy: 'Quando muita gente se cadastra ao mesmo tempo, um endereço novo pode ter que esperar. Tente de novo em uma hora.',
    requestFirst: 'Peça um código primeiro.',
    unreadable:
      'Isso não é um código. Um código tem 8 letras e números, e nunca I, L, O, 0 ou 1. Esta tentativa não contou.',
    earlier: 'Esse código é anterior. Use o mais recente. Esta tentativa não contou.',
    wrong: 'O código não está certo. Confira e tente de novo.',
    left: { one: 'Resta {count} tentativa.', other: 'Restam {count} tentativas.' },
    resendLater: 'Você poderá pedir outro código em {time}.',
  },

  consent: {
    title: '{client} quer acessar sua conta de {name}',
    unnamed: 'Um app sem nome',
    thisDevice:
      'Este app roda neste dispositivo, e qualquer programa pode usar o nome dele. Continue só se foi você quem o abriu.',
    client: 'App',
    published: 'Publicado por {host}',
    ofOperator: 'Adicionado por {name}',
    unverified: 'Não verificado. Qualquer um pode usar este nome.',
    usedHere: 'Uso aqui',
    usedByNobody: 'Você é a primeira pessoa a conectá-lo.',
    usedBy: { one: '{count} pessoa o conectou.', other: '{count} pessoas o conectaram.' },
    since: 'Conectado pela primeira vez em {date}.',
    destination: 'Você será levado para',
    onThisDevice: 'um programa neste dispositivo ({address})',
    allows: 'Isso vai permitir que {client} possa:',
    read: 'Somente leitura',
    change: 'Fazer alterações',
    allowedBefore: 'Você permitiu este app pela última vez em {date}.',
    before: 'já permitido',
    nothing: 'Sua organização não deixa você compartilhar nada do que este app está pedindo.',
    backToApp: 'Voltar ao app',
    trust: 'Confirme que você confia em {client}. {name} não é responsável por ele.',
    cancel: 'Cancelar',
    allow: 'Permitir',
    chooseOne: 'Selecione pelo menos um item ou cancele.',
    signedInAs: 'Você entrou como {address}.',
    notYou: 'Não é você? Trocar de conta',
    later: 'Você pode desconectá-lo quando quiser.',
  },

  settling: {
    tooSoon: 'Nada aconteceu: a página tinha acabado de aparecer. Leia e clique de novo.',
  },

  closed: {
    usedTitle: 'Você entrou',
    used: 'Este código já foi usado. Você não precisa mais dele.',
    allowedTitle: 'Você já permitiu',
    cancelledTitle: 'Você já cancelou',
    answered: 'O app já tem sua resposta, e ela não pode mais ser alterada aqui. Você pode fechar esta janela.',
    waiting: 'Se o app ainda estiver esperando, continue para enviar sua resposta de novo.',
    expiredTitle: 'Este acesso expirou',
    expired: 'Você tem {time} para entrar, e esse tempo acabou.',
    pushedOutTitle: 'Muitas janelas de acesso',
    pushedOut: {
      one: 'Você pode entrar em {count} janela por vez. Você abriu mais, então fechamos esta.',
      other:
        'Você pode entrar em até {count} janelas ao mesmo tempo. Você abriu mais, então fechamos esta, a mais antiga.',
    },
    elsewhereTitle: 'Continue no outro navegador',
    elsewhere: 'Este acesso começou em outro navegador, ou este navegador bloqueou nosso cookie.',
    elsewhereNext:
      'Continue no navegador em que você começou. Ou permita cookies para este site, volte ao app e conecte de novo.',
    unknownTitle: 'Não conhecemos este acesso',
    connectAgain: 'Volte ao app e conecte de novo.',
    startAgain: 'Começar de novo',
    orConnectAgain: 'Ou volte ao app e conecte de novo.',
  },

  leaving: {
    title: 'Não é possível concluir este pedido',
    refused: 'Um app trouxe você até aqui com um pedido que não podemos aceitar. Nada foi compartilhado.',
    tellSite: 'Você pode avisar o app. Isso leva você a outro site:',
    tellDevice: 'Você pode avisar o app. Isso leva você a um programa neste dispositivo:',
    destination: 'Você será levado para',
    warning: 'Continue só se foi você quem começou isso.',
    onward: 'Continuar para o app',
  },

  problem: {
    details: 'Detalhes para desenvolvedores',
    tryAgain: 'Tente de novo em {time}.',
    request: {
      title: 'Não é possível concluir este pedido',
      text: 'O app enviou um pedido que não podemos aceitar. Volte ao app e conecte de novo. Se não adiantar, avise quem faz o app.',
    },
    failed: {
      title: 'Algo deu errado',
      text: 'A falha é nossa, não sua. Tente de novo. Se continuar, informe esta referência: {id}',
    },
    tooMany: {
      title: 'Muitas tentativas',
      text: 'Houve tentativas demais a partir da sua rede.',
    },
    gone: {
      title: 'Este acesso terminou',
      text: 'Volte ao app e conecte de novo.',
    },
    foreign: {
      title: 'Este formulário veio de outro site',
      text: 'Para sua segurança, nada foi feito. Volte ao app e conecte de novo.',
    },
    tries: {
      title: 'Muitos códigos errados',
      text: 'Volte ao app e conecte de novo para receber um novo código.',
    },
    unknown: {
      title: 'Não conhecemos mais este app',
      text: 'Volte ao app, remova a conexão com {name} e adicione-a de novo.',
    },
    denied: {
      title: 'Este app não pode se conectar',
      text: 'Os responsáveis por {name} não permitem que este app se conecte.',
    },
    unreadable: {
      title: 'Não conseguimos verificar este app',
      text: 'Não conseguimos ler o que {host} informa sobre este app. Tente mais tarde.',
    },
    beingRead: {
      title: 'Um momento',
      text: 'Ainda estamos lendo o que {host} informa sobre este app.',
    },
    refused: {
      title: 'Você não pode entrar aqui',
      text: 'Este endereço não tem permissão para entrar. Se deveria ter, fale com os responsáveis por {name}.',
    },
    noPasskeys: {
      title: 'As chaves de acesso estão desativadas',
      text: 'Você não pode usar chaves de acesso com {name}. Entre com um código.',
    },
    mail: {
      title: 'Não conseguimos enviar o e-mail',
      text: 'Nosso serviço de e-mail não está respondendo.',
    },
  },

  passkeys: {
    title: 'Chaves de acesso',
    lead: 'Entre em {name} com sua digital, seu rosto ou o bloqueio de tela em vez de um código. Os códigos continuam funcionando.',
    signedInAs: 'Você entrou como {address}.',
    none: 'Você ainda não tem chaves de acesso.',
    unused: 'Adicionada em {added}. Ainda não usada.',
    used: 'Adicionada em {added}. Último uso em {used}.',
    defaultName: 'Chave de acesso',
    name: 'Nome',
    rename: 'Renomear',
    remove: 'Remover',
    add: 'Adicionar uma chave de acesso',
    unsupported: 'Este navegador não permite adicionar uma chave de acesso aqui.',
    known: 'Este dispositivo já tem uma chave de acesso para sua conta.',
    failed: 'Nenhuma chave de acesso foi adicionada. Tente de novo.',
    tooOld:
      'Você pode adicionar uma chave de acesso em até {time} depois de entrar. Entre de novo e volte a esta página.',
    tooMany: 'Você pode ter até {count} chaves de acesso. Remova uma para adicionar outra.',
    tooOften: 'Sua conta mudou muito recentemente, então nada foi adicionado. Tente de novo em uma hora.',
    outOfDate: 'Nada foi alterado, porque esta página estava desatualizada. Tente de novo.',
    unreadable: 'Não foi possível adicionar essa chave de acesso. Tente de novo ou use outro dispositivo.',
    badName: 'Digite um nome de até {count} caracteres.',
    added: 'Chave de acesso adicionada. Da próxima vez, escolha “Entrar com uma chave de acesso”.',
    renamed: 'Nome alterado.',
    removed: 'Chave de acesso removida. Você também pode excluí-la do seu dispositivo.',
    signedOutTitle: 'Você saiu',
    signedOut: 'Conecte um app e entre; depois abra esta página de novo no mesmo navegador.',
    offerTitle: 'Entre mais rápido da próxima vez',
    offer: 'Adicione uma chave de acesso para usar sua digital, seu rosto ou o bloqueio de tela em vez de um código.',
    decline: 'Agora não',
  },

  codeMail: {
    subject: '{code} é seu código de {name}',
    title: 'Seu código de {name}',
    how: 'Digite o código na página que o pediu em até {time}. Não compartilhe com ninguém.',
    who: 'Alguém em {ip} está conectando {destination} a {name} como {address}.',
    notYou: 'Não foi você? Ignore este e-mail. Sem o código, nada acontece.',
    thisDevice: 'um programa no próprio dispositivo',
  },

  notice: {
    connectionSubject: 'Nova conexão com sua conta de {name}',
    connection: 'Você conectou {destination} a {name} como {address}.',
    connectionAllows: 'Agora o app pode:',
    browserSubject: 'Novo acesso a {name}',
    browser: 'Alguém entrou em {name} como {address} em um navegador que ainda não conhecíamos.',
    when: 'Quando: {time}',
    from: 'De: {ip}',
    you: 'Se foi você, não precisa fazer nada.',
    notYou:
      'Se não foi, avise já os responsáveis por {name}. Eles podem desfazer isso e encerrar todas as suas sessões.',
    passkeyAddedSubject: 'Uma chave de acesso foi adicionada à sua conta de {name}',
    passkeyAdded:
      'Alguém que entrou em {name} como {address} adicionou uma chave de acesso. Ela permite entrar na sua conta sem código.',
    passkeyRemovedSubject: 'Uma chave de acesso foi removida da sua conta de {name}',
    passkeyRemoved:
      'Alguém que entrou em {name} como {address} removeu uma chave de acesso. Ela não permite mais entrar na sua conta.',
    thisDevice: 'um programa no seu dispositivo',
  },

  home: {
    title: 'Conectar a {name}',
    lead: 'Adicione este endereço ao seu app. O navegador abre, você entra com um código que enviamos por e-mail e escolhe o que o app pode fazer.',
    copy: 'Copiar',
    copied: 'Copiado',
    copyThis: 'Copiar {text}',
    claude: 'Abra Configurações → Conectores → Adicionar conector personalizado e cole o endereço.',
    claudeCode: 'Depois digite {command} e escolha “Authenticate”.',
    chatgpt:
      'Ative Configurações → Apps e conectores → Avançado → Modo de desenvolvedor. Depois escolha Criar, cole o endereço e selecione OAuth.',
    cursorLink: 'Adicionar ao Cursor',
    cursor: 'Ou adicione isto a {file}:',
    codeLink: 'Adicionar ao VS Code',
    code: 'Ou execute:',
    othersTitle: 'Outros apps',
    others: 'Se o seu app só consegue iniciar programas, use uma ponte:',
    issuer: 'Servidor de acesso: {issuer}',
  },
} satisfies Translation;
